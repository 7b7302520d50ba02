package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.pool.Database;
import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A request that works on two databases. */
class PartialCommitTest {

  private final StubDatabase own = StubDatabase.create(UUID.randomUUID().toString());
  private final StubDatabase audit = StubDatabase.create(UUID.randomUUID().toString());
  private final RoutingDataSource dataSource =
      RoutingDataSource.builder(Database.of(own.url()))
          .bind("audit", Database.of(audit.url()))
          .build();
  private final Web web = new Web();

  @BeforeEach
  void start() throws Exception {
    web.filter(UnitOfWorkFilter.builder(dataSource, TenantResolver.fixed(TenantId.ONLY)).build())
        .servlet(
            "/*",
            (request, response) -> {
              insert(dataSource.bind("audit"));
              insert(dataSource);
              response.setHeader("X-Stored", "yes");
              response.getWriter().print("stored");
            })
        .start();
  }

  private static void insert(DataSource target) throws SQLException {
    try (Connection connection = target.getConnection()) {
      connection.createStatement().execute("INSERT a");
    }
  }

  @AfterEach
  void close() {
    web.close();
    dataSource.close();
    own.close();
    audit.close();
  }

  @Test
  void bothAreCommitted_beforeTheAnswer() {
    Answer answer = web.get("/");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("stored");
    assertThat(own.committed()).containsExactly("a");
    assertThat(audit.committed()).containsExactly("a");
  }

  @Test
  void ifOnlyOneIs_theClientHearsNothingOfASuccess() {
    audit.arm(
        "Connection.commit()"::equals,
        Fault.throwBefore(() -> new SQLException("refused", "23503")));
    Answer answer = web.get("/");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("X-Stored")).isNull();
    assertThat(answer.text()).contains("PartialCommitException");
    assertThat(own.committed()).containsExactly("a");
    assertThat(audit.committed()).isEmpty();
  }

  @Test
  void ifTheTenantsOwnIsNot_nothingIs() {
    own.arm(
        "Connection.commit()"::equals,
        Fault.throwBefore(() -> new SQLException("refused", "23503")));
    assertThat(web.get("/").status()).isEqualTo(500);
    assertThat(audit.committed()).isEmpty();
  }
}
