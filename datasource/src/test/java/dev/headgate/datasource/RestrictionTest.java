package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.DatabaseUnavailableException;
import dev.headgate.datasource.pool.Restriction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How directories say it, and databases that can't refuse writes. */
class RestrictionTest {

  private static final Database PLAIN = Database.of("jdbc:h2:mem:a");

  @Test
  void h2_givesNoConnection_whileItIsReadOnly() throws SQLException {
    try (Tenants tenants = Tenants.onH2()) {
      RoutingDataSource dataSource = tenants.dataSource;
      dataSource.readOnly(ACME, "it moves");
      dataSource.call(
          ACME,
          work ->
              assertThatThrownBy(dataSource::getConnection)
                  .isInstanceOf(DatabaseUnavailableException.class)
                  .hasMessageContainingAll(
                      "read only for now: it moves", "can't be told to refuse writes"));
      dataSource.suspend(ACME, "it rests");
      assertThatThrownBy(() -> dataSource.begin(ACME)).isInstanceOf(TenantSuspendedException.class);
      dataSource.resume(ACME);
      try (Connection connection = dataSource.forTenant(ACME).getConnection()) {
        Tenants.insert(connection, "written");
      }
      assertThat(tenants.stored(ACME)).isEqualTo(List.of("written"));
    }
  }

  @Test
  void aReasonIsOneLine() {
    for (String reason : List.of("", " ", "two\nlines")) {
      assertThatThrownBy(() -> Restriction.suspended(reason))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("reason");
    }
  }

  @Test
  void theStricterOneHolds() {
    Database suspended = PLAIN.restricted(Restriction.suspended("a"));
    assertThat(suspended.restricted(Restriction.readOnly("b"))).isEqualTo(suspended);
    assertThat(PLAIN.restricted(Restriction.readOnly("b")).restricted(Restriction.suspended("a")))
        .isEqualTo(suspended)
        .isNotEqualTo(PLAIN)
        .hasToString("jdbc:h2:mem:a, suspended for now: a");
    assertThat(suspended.restrictedAs(PLAIN)).isEqualTo(PLAIN);
  }

  @Test
  void aFileSaysIt(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("tenants.properties");
    Files.writeString(
        file,
        """
        acme.url = jdbc:h2:mem:a
        acme.suspended = it rests
        globex.url = jdbc:h2:mem:a
        globex.read-only = it moves
        """);
    TenantDirectory directory = TenantDirectory.properties(file);
    assertThat(directory.find(ACME)).contains(PLAIN.restricted(Restriction.suspended("it rests")));
    assertThat(directory.find(Tenants.GLOBEX))
        .contains(PLAIN.restricted(Restriction.readOnly("it moves")));
  }

  @Test
  void aTableSaysIt() throws Exception {
    JdbcDataSource control = new JdbcDataSource();
    control.setURL("jdbc:h2:mem:");
    assertThat(find(control, "'it rests'", "NULL"))
        .isEqualTo(PLAIN.restricted(Restriction.suspended("it rests")));
    assertThat(find(control, "NULL", "'it moves'"))
        .isEqualTo(PLAIN.restricted(Restriction.readOnly("it moves")));
    assertThat(find(control, "NULL", "NULL")).isEqualTo(PLAIN);
  }

  private static Database find(JdbcDataSource control, String suspended, String readOnly)
      throws Exception {
    String sql =
        "SELECT 'jdbc:h2:mem:a' url, %s suspended, %s read_only WHERE ? > ''"
            .formatted(suspended, readOnly);
    return TenantDirectory.query(control, sql, DatabaseMapper.byColumns()).find(ACME).orElseThrow();
  }
}
