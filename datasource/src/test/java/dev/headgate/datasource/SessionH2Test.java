package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbc.JdbcStatement;
import org.junit.jupiter.api.BeforeAll;

class SessionH2Test extends SessionContract {

  private final Database whole = Tenants.newH2();

  @Override
  Database acme() {
    return whole.withSchema("ACME");
  }

  @Override
  Database globex() {
    return whole.withSchema("GLOBEX");
  }

  @BeforeAll
  void create() throws SQLException {
    try (RoutingDataSource house = RoutingDataSource.builder(whole).build()) {
      execute(house, TenantId.ONLY, "CREATE SCHEMA ACME; CREATE SCHEMA GLOBEX");
    }
  }

  @Override
  Stream<Leftover> leftovers() {
    return Stream.of(
        new Leftover("SET @mine = 1", "SELECT @mine"),
        new Leftover("SELECT SET(@mine, 1)", "SELECT @mine"),
        new Leftover("CREATE LOCAL TEMPORARY TABLE mine (n INT)", "SELECT COUNT(*) FROM mine"),
        new Leftover(
            "SET TIME ZONE '+05:00'", "SELECT EXTRACT(TIMEZONE_HOUR FROM CURRENT_TIMESTAMP)"),
        new Leftover("SET QUERY_TIMEOUT 12345", setting("QUERY_TIMEOUT")),
        new Leftover("SET VARIABLE_BINARY TRUE", setting("VARIABLE_BINARY")),
        new Leftover("SET TRUNCATE_LARGE_LENGTH TRUE", setting("TRUNCATE_LARGE_LENGTH")),
        new Leftover("SET NON_KEYWORDS VALUE", setting("NON_KEYWORDS")),
        new Leftover("SET LOCK_TIMEOUT 1234", "SELECT LOCK_TIMEOUT()"),
        new Leftover("SET SCHEMA INFORMATION_SCHEMA", "SELECT SCHEMA()"),
        new Leftover("SET SCHEMA_SEARCH_PATH INFORMATION_SCHEMA", "SELECT COUNT(*) FROM SETTINGS"),
        new Leftover(
            "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
            "SELECT ISOLATION_LEVEL FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = SESSION_ID()"));
  }

  private static String setting(String name) {
    return "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = '"
        + name
        + '\'';
  }

  @Override
  String session() {
    return "SELECT SESSION_ID()";
  }

  @Override
  boolean isCleared() {
    return false;
  }

  @Override
  String begin() {
    return "BEGIN";
  }

  @Override
  Connection own(Connection connection) throws SQLException {
    return connection.unwrap(JdbcConnection.class);
  }

  @Override
  Statement own(Statement statement) throws SQLException {
    return statement.unwrap(JdbcStatement.class);
  }
}
