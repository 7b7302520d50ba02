package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

class SessionPostgresTest extends SessionContract {

  private static final Map<String, String> PROPERTIES =
      Map.of(
          // The server's prepared statements from the first execution on.
          "prepareThreshold", "1",
          "ApplicationName", "it's \\ an application",
          "options", "-c statement_timeout=54321");

  private static Database whole() throws SQLException {
    Database.Builder whole =
        Database.builder(PostgresServer.database("sessions").url()).user("postgres");
    PROPERTIES.forEach(whole::property);
    return whole.build();
  }

  @Override
  Database acme() throws SQLException {
    return whole().withSchema("acme");
  }

  @Override
  Database globex() throws SQLException {
    return whole().withSchema("globex");
  }

  @BeforeAll
  void create() throws SQLException {
    try (RoutingDataSource house = RoutingDataSource.builder(whole()).build()) {
      execute(
          house,
          TenantId.ONLY,
          "CREATE SCHEMA acme; CREATE SCHEMA globex; CREATE SEQUENCE public.numbers; CREATE ROLE other; GRANT ALL ON SCHEMA acme TO other; GRANT ALL ON SCHEMA globex TO other");
    }
  }

  @Override
  Stream<Leftover> leftovers() {
    return Stream.of(
        new Leftover("SET statement_timeout TO 12345", "SHOW statement_timeout"),
        new Leftover(
            "SELECT set_config('statement_timeout', '12345', false)", "SHOW statement_timeout"),
        new Leftover("SET application_name TO 'mine'", "SHOW application_name"),
        new Leftover("SET extra_float_digits TO 0", "SHOW extra_float_digits"),
        new Leftover(
            "SET app.secret TO 'mine'", "SELECT COALESCE(current_setting('app.secret', true), '')"),
        new Leftover("SET TIME ZONE 'Pacific/Auckland'", "SHOW TimeZone"),
        new Leftover("SET search_path TO pg_catalog", "SHOW search_path"),
        new Leftover("SET ROLE other", "SELECT current_user"),
        new Leftover("SET SESSION AUTHORIZATION other", "SELECT session_user"),
        new Leftover("CREATE TEMP TABLE mine (n INT)", "SELECT 'mine'::regclass"),
        new Leftover(
            "SELECT pg_advisory_lock(42)",
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"),
        new Leftover("LISTEN mine", "SELECT count(*) FROM pg_listening_channels()"),
        new Leftover(
            "PREPARE mine AS SELECT 1",
            "SELECT count(*) FROM pg_prepared_statements WHERE name = 'mine'"),
        new Leftover(
            "DECLARE mine CURSOR WITH HOLD FOR SELECT 1",
            "SELECT count(*) FROM pg_cursors WHERE name = 'mine'"),
        new Leftover("SELECT nextval('public.numbers')", "SELECT lastval() > 0"),
        new Leftover(
            "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
            "SHOW default_transaction_isolation"),
        new Leftover(
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
            "SHOW default_transaction_read_only"));
  }

  @Override
  String session() {
    return "SELECT pg_backend_pid()";
  }

  @Override
  boolean isCleared() {
    return true;
  }

  @Override
  String begin() {
    return "BEGIN";
  }

  @Override
  Connection own(Connection connection) throws SQLException {
    return (Connection) connection.unwrap(PGConnection.class);
  }

  @Override
  Statement own(Statement statement) throws SQLException {
    return (Statement) statement.unwrap(PGStatement.class);
  }

  @Test
  void whatTheDriverHasHeard_isNotHeardByTheNext() throws SQLException {
    execute(dataSource, ACME, "LISTEN mine; NOTIFY mine, 'secret'");
    try (Connection connection = dataSource.forTenant(GLOBEX).getConnection()) {
      assertThat(connection.unwrap(PGConnection.class).getNotifications()).isNullOrEmpty();
    }
  }

  @Test
  void whatTheDriverWasTold_stays() throws SQLException {
    execute(dataSource, ACME, "SELECT 1");
    assertThat(ask(dataSource, GLOBEX, "SHOW application_name"))
        .isEqualTo("it's \\ an application");
    assertThat(ask(dataSource, GLOBEX, "SHOW statement_timeout")).isEqualTo("54321ms");
  }

  @Test
  void afterAReset_theSettingsAreThoseOfANewConnection() throws SQLException {
    Properties properties = new Properties();
    properties.putAll(PROPERTIES);
    properties.put("user", "postgres");
    // From PostgreSQL 12 on, more than one extra digit says the same as one.
    String settings =
        "SELECT string_agg(name || '=' || setting, ', ' ORDER BY name) FROM pg_settings"
            + " WHERE name NOT IN ('search_path', 'extra_float_digits')";
    execute(dataSource, ACME, "SELECT 1");
    try (Connection opened = DriverManager.getConnection(whole().url(), properties)) {
      assertThat(ask(dataSource, GLOBEX, settings)).isEqualTo(ask(opened, settings));
    }
  }
}
