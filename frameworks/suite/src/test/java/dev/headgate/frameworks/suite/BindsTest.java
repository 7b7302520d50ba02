package dev.headgate.frameworks.suite;

import static dev.headgate.frameworks.suite.Notebook.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.headgate.datasource.Outcome;
import dev.headgate.datasource.PartialCommitException;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.TransactionOutcome;
import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A framework twice, on the tenant's database and on a bind, with one outcome. The bind's is a
 * PostgreSQL, whose COMMIT can be made to fail.
 */
class BindsTest {

  private static final TenantId USERS = TenantId.of("users");

  private RoutingDataSource dataSource;

  @BeforeEach
  void start() throws Exception {
    Database notes = Database.of("jdbc:h2:mem:%s;MODE=LEGACY".formatted(UUID.randomUUID()));
    Database users = Dbms.POSTGRESQL.database("users");
    dataSource =
        RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", notes, "users", users)))
            .bind("users", users)
            .build();
    execute(ACME, Dbms.H2.schema());
    execute(USERS, Dbms.POSTGRESQL.schema());
    execute(
        USERS,
        List.of(
            "ALTER TABLE note ADD CONSTRAINT note_once UNIQUE (body)"
                + " DEFERRABLE INITIALLY DEFERRED"));
  }

  private void execute(TenantId tenant, List<String> statements) throws SQLException {
    try (Connection connection = dataSource.forTenant(tenant).getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @AfterEach
  void stop() {
    dataSource.close();
  }

  private List<String> stored(TenantId tenant) throws SQLException {
    return new PlainJdbc(dataSource.forTenant(tenant)).bodies();
  }

  @ParameterizedTest
  @EnumSource
  void twoDatabases_haveOneOutcome(Kind kind) throws Exception {
    try (Framework notes = kind.start(dataSource, Dbms.H2);
        Framework users = kind.start(dataSource.bind("users"), Dbms.POSTGRESQL);
        Stage requests = Place.JETTY.open(dataSource)) {
      assertThatThrownBy(
              () ->
                  requests.play(
                      ACME,
                      () -> {
                        users.add("ann");
                        notes.add("of ann");
                        throw new OnPurpose();
                      }))
          .isInstanceOf(OnPurpose.class);
      assertThat(stored(ACME)).isEmpty();
      assertThat(stored(USERS)).isEmpty();

      requests.play(
          ACME,
          () -> {
            users.add("ann");
            notes.add("of ann");
          });
      assertThat(stored(ACME)).containsExactly("of ann");
      assertThat(stored(USERS)).containsExactly("ann");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSecondDatabaseThatFailsAtCommit_isReportedWithTheList(Kind kind) throws Exception {
    try (Framework notes = kind.start(dataSource, Dbms.H2);
        Framework users = kind.start(dataSource.bind("users"), Dbms.POSTGRESQL);
        Stage jobs = Place.JOB.open(dataSource)) {
      PartialCommitException failure =
          catchThrowableOfType(
              PartialCommitException.class,
              () ->
                  jobs.play(
                      ACME,
                      () -> {
                        users.add("ann");
                        users.add("ann");
                        notes.add("of ann");
                      }));
      assertThat(failure.outcomes())
          .containsExactly(
              new TransactionOutcome("", Outcome.COMMITTED),
              new TransactionOutcome("users", Outcome.ROLLED_BACK));
      assertThat(stored(ACME)).containsExactly("of ann");
      assertThat(stored(USERS)).isEmpty();
    }
  }
}
