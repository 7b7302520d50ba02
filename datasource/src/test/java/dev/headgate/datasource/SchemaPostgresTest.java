package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class SchemaPostgresTest extends SchemaContract {

  @Override
  Database whole() throws SQLException {
    return Database.builder(PostgresServer.database("shared").url())
        .user("postgres")
        // The server's prepared statements from the first execution on.
        .property("prepareThreshold", "1")
        .build();
  }

  @Override
  Database in(String name) throws SQLException {
    return whole().withSchema(name);
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  void create(String name, Statement statement) throws SQLException {
    statement.setEscapeProcessing(false);
    statement.execute("CREATE SCHEMA " + quoted(name));
  }

  @Override
  void drop(String name, Statement statement) throws SQLException {
    statement.setEscapeProcessing(false);
    statement.execute("DROP SCHEMA IF EXISTS %s CASCADE".formatted(quoted(name)));
  }

  @Override
  String change(String name) {
    return "SET search_path TO " + quoted(name);
  }

  @Override
  void change(Connection connection, String name) throws SQLException {
    connection.setSchema(name);
  }

  @Override
  String place(Connection connection) throws SQLException {
    return connection.getSchema();
  }

  @Override
  Connection own(Connection connection) throws SQLException {
    return (Connection) connection.unwrap(PGConnection.class);
  }

  private String ask(TenantId tenant, String question) throws SQLException {
    try (Connection connection = dataSource.forTenant(tenant).getConnection();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(question)) {
      answer.next();
      return answer.getString(1);
    }
  }

  @Test
  void aUnitThatHasNotWorked_hasNoTransactionOpen() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection();
        RoutingDataSource other = RoutingDataSource.builder(PostgresServer.database("x")).build();
        Connection witness = other.forTenant(TenantId.ONLY).getConnection();
        Statement statement = witness.createStatement();
        ResultSet sessions =
            statement.executeQuery(
                "SELECT state FROM pg_stat_activity WHERE datname = 'shared' AND state IS NOT NULL")) {
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(sessions.next()).isTrue();
      assertThat(sessions.getString(1)).isEqualTo("idle");
      assertThat(work.outcomes()).isEmpty();
    }
  }

  @Test
  void theSearchPath_isTheSchemaAlone_orAsItWas() throws SQLException {
    assertThat(ask(ACME, "SHOW search_path")).isEqualTo("\"acme-1\"");
    assertThat(ask(HOUSE, "SHOW search_path")).isEqualTo("\"$user\", public");
  }

  @Test
  void temporaryTablesLocksAndRoles_areNotSeenByTheNextTenant() throws SQLException {
    execute(HOUSE, "DO $$ BEGIN CREATE ROLE nobody_at_all; EXCEPTION WHEN OTHERS THEN END $$");
    execute(ACME, "CREATE TEMP TABLE leftover (text VARCHAR(10))");
    execute(ACME, "SELECT pg_advisory_lock(42)");
    execute(ACME, "SET ROLE nobody_at_all");
    assertThatThrownBy(() -> execute(GLOBEX, "SELECT * FROM leftover"))
        .hasMessageContaining("does not exist");
    assertThat(ask(GLOBEX, "SELECT current_user")).isEqualTo("postgres");
    assertThat(ask(GLOBEX, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
        .isEqualTo("0");
  }

  @Test
  void whatTheDriverHasSet_stays() throws SQLException {
    String before = ask(ACME, "SHOW extra_float_digits") + ask(ACME, "SHOW application_name");
    execute(GLOBEX, "SELECT 1");
    assertThat(ask(ACME, "SHOW extra_float_digits") + ask(ACME, "SHOW application_name"))
        .isEqualTo(before);
  }

  @Test
  void preparedStatements_doNotPileUpInTheServer() throws SQLException {
    for (int i = 0; i < 100; i++) {
      add(ACME, "note " + i);
      add(GLOBEX, "note " + i);
    }
    String question = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'";
    assertThat(Integer.parseInt(ask(ACME, question))).isLessThan(10);
  }

  @Test
  void aSchemaThatTheUserMayNotUse_isNone() throws SQLException {
    execute(HOUSE, "DROP ROLE IF EXISTS stranger");
    execute(HOUSE, "CREATE ROLE stranger LOGIN");
    Database strangers = Database.builder(whole().url()).user("stranger").schema("acme-1").build();
    try (RoutingDataSource stranger = RoutingDataSource.builder(strangers).build()) {
      assertThatThrownBy(() -> stranger.forTenant(TenantId.ONLY).getConnection())
          .hasMessageContainingAll("could not be led to \"acme-1\"", "may not use it");
    }
  }
}
