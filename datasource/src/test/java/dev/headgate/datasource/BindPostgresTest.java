package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A second database whose COMMIT fails: a deferred constraint in PostgreSQL. */
class BindPostgresTest {

  private static final TenantId ACME = TenantId.of("acme");

  @Test
  void aDeferredConstraintOfABind_isReportedWithTheList() throws SQLException {
    Database own = Tenants.newH2();
    Database audit = PostgresServer.database("audit");
    try (RoutingDataSource dataSource =
        RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", own, "setup", audit)))
            .bind("audit", audit)
            .build()) {
      run(dataSource.forTenant(ACME).getConnection(), "CREATE TABLE note (text VARCHAR(10))");
      run(
          dataSource.forTenant(TenantId.of("setup")).getConnection(),
          "DROP TABLE IF EXISTS entry",
          "CREATE TABLE entry (id INT PRIMARY KEY,"
              + " previous INT REFERENCES entry DEFERRABLE INITIALLY DEFERRED)");

      UnitOfWork work = dataSource.begin(ACME);
      run(dataSource.bind("audit").getConnection(), "INSERT INTO entry VALUES (1, -1)");
      run(dataSource.getConnection(), "INSERT INTO note VALUES ('a')");
      PartialCommitException failure =
          catchThrowableOfType(PartialCommitException.class, work::finish);

      assertThat(failure.outcomes())
          .containsExactly(
              new TransactionOutcome("", Outcome.COMMITTED),
              new TransactionOutcome("audit", Outcome.ROLLED_BACK));
      assertThat(count(dataSource, "acme", "note")).isEqualTo(1);
      assertThat(count(dataSource, "setup", "entry")).isZero();
    }
  }

  @Test
  void anAbortedTransactionOfABind_isFoundBeforeTheTenantsOwnIsCommitted() throws SQLException {
    Database own = Tenants.newH2();
    Database audit = PostgresServer.database("audit");
    try (RoutingDataSource dataSource =
        RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", own)))
            .bind("audit", audit)
            .build()) {
      run(dataSource.forTenant(ACME).getConnection(), "CREATE TABLE note (text VARCHAR(10))");
      UnitOfWork work = dataSource.begin(ACME);
      run(dataSource.getConnection(), "INSERT INTO note VALUES ('a')");
      Connection broken = dataSource.bind("audit").getConnection();
      assertThatThrownBy(() -> run(broken, "SELECT 1/0")).isInstanceOf(SQLException.class);
      assertThatThrownBy(work::finish).isInstanceOf(RolledBackException.class);
      assertThat(count(dataSource, "acme", "note")).isZero();
    }
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (connection;
        Statement statement = connection.createStatement()) {
      for (String sql : List.of(statements)) {
        statement.execute(sql);
      }
    }
  }

  private static int count(RoutingDataSource dataSource, String tenant, String table)
      throws SQLException {
    try (Connection connection = dataSource.forTenant(TenantId.of(tenant)).getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
