package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionMariaDbTest extends SessionContract {

  private static final Map<String, String> PROPERTIES =
      Map.of(
          "useServerPrepStmts", "true",
          "sessionVariables", "wait_timeout=4321",
          "initSql", "SET lock_wait_timeout=43;SET @initial=1");

  /** What says something of the session, and is not set. */
  private static final List<String> NO_SETTINGS =
      List.of(
          "identity",
          "last_insert_id",
          "pseudo_thread_id",
          "rand_seed1",
          "rand_seed2",
          "timestamp");

  private static Database whole() throws SQLException {
    Database.Builder whole =
        Database.builder(MariaDbServer.shared().database("sessions").url()).user("root");
    PROPERTIES.forEach(whole::property);
    return whole.build();
  }

  @Override
  Database acme() throws SQLException {
    return whole().withCatalog("session_acme");
  }

  @Override
  Database globex() throws SQLException {
    return whole().withCatalog("session_globex");
  }

  @BeforeAll
  void create() throws SQLException {
    try (RoutingDataSource house = RoutingDataSource.builder(whole()).build()) {
      execute(
          house,
          TenantId.ONLY,
          "CREATE DATABASE session_acme; CREATE DATABASE session_globex; CREATE TABLE session_acme.note (n INT AUTO_INCREMENT PRIMARY KEY); CREATE TABLE session_globex.note (n INT AUTO_INCREMENT PRIMARY KEY)");
    }
  }

  @Override
  Stream<Leftover> leftovers() {
    return Stream.of(
        new Leftover("SET @mine = 1", "SELECT @mine"),
        new Leftover("SELECT @mine := 1", "SELECT @mine"),
        new Leftover("SET wait_timeout = 1234", "SELECT @@wait_timeout"),
        new Leftover("SET lock_wait_timeout = 12", "SELECT @@lock_wait_timeout"),
        new Leftover("SET sql_mode = ''", "SELECT @@sql_mode"),
        new Leftover("SET time_zone = '+05:00'", "SELECT @@time_zone"),
        new Leftover("SET collation_connection = utf8mb4_bin", "SELECT @@collation_connection"),
        new Leftover("USE mysql", "SELECT DATABASE()"),
        new Leftover("CREATE TEMPORARY TABLE mine (n INT)", "SELECT COUNT(*) FROM mine"),
        new Leftover(
            "SELECT GET_LOCK('mine', 9)",
            "SELECT COALESCE(IS_USED_LOCK('mine') = CONNECTION_ID(), 0)"),
        new Leftover("LOCK TABLES note READ", "SELECT COUNT(*) FROM mysql.time_zone"),
        new Leftover("PREPARE mine FROM 'SELECT 1'", "EXECUTE mine"),
        new Leftover("INSERT INTO note VALUES ()", "SELECT LAST_INSERT_ID() > 0"),
        new Leftover("SET autocommit = 1 - @@autocommit", "SELECT @@autocommit"),
        new Leftover(
            "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SELECT @@tx_isolation"),
        new Leftover("SET SESSION TRANSACTION READ ONLY", "SELECT @@tx_read_only"));
  }

  @Override
  String session() {
    return "SELECT CONNECTION_ID()";
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
    return connection.unwrap(org.mariadb.jdbc.Connection.class);
  }

  @Override
  Statement own(Statement statement) throws SQLException {
    return statement.unwrap(org.mariadb.jdbc.Statement.class);
  }

  @Test
  void whatTheDriverWasTold_stays() throws SQLException {
    execute(dataSource, ACME, "SELECT 1");
    assertThat(ask(dataSource, GLOBEX, "SELECT @@wait_timeout")).isEqualTo("4321");
    assertThat(ask(dataSource, GLOBEX, "SELECT @@lock_wait_timeout")).isEqualTo("43");
    assertThat(ask(dataSource, GLOBEX, "SELECT @initial")).isEqualTo("1");
    assertThat(ask(dataSource, GLOBEX, "SELECT 'é'")).isEqualTo("é");
  }

  @Test
  void afterAReset_theSettingsAreThoseOfANewConnection() throws SQLException {
    Properties properties = new Properties();
    properties.putAll(PROPERTIES);
    properties.put("user", "root");
    execute(dataSource, ACME, "SELECT 1");
    try (Connection reset = dataSource.forTenant(GLOBEX).getConnection();
        Connection opened = DriverManager.getConnection(whole().url(), properties)) {
      assertThat(settings(reset)).isEqualTo(settings(opened));
    }
  }

  private static Map<String, String> settings(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery("SHOW SESSION VARIABLES")) {
      Map<String, String> settings = new TreeMap<>();
      while (answer.next()) {
        settings.put(answer.getString(1), answer.getString(2));
      }
      settings.keySet().removeAll(NO_SETTINGS);
      return settings;
    }
  }

  /** The one for all tests checks no rights, and has no roles. */
  @Test
  void aRole_isNobodyElses(@TempDir Path folder) throws Exception {
    Path login = folder.resolve("login.sql");
    Files.writeString(
        login,
        "ALTER USER root@localhost IDENTIFIED VIA mysql_native_password USING PASSWORD('');\n");
    Database whole =
        MariaDbServer.start("--skip-grant-tables=0", "--init-file=" + login).database("roles");
    try (RoutingDataSource roles =
        RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", whole, "globex", whole)))
            .pool(PoolSettings.defaults().withMaximumSize(1))
            .build()) {
      execute(roles, ACME, "CREATE ROLE other; GRANT other TO CURRENT_USER; SET ROLE other");
      assertThat(ask(roles, ACME, "SELECT CURRENT_ROLE()")).isEqualTo("other");
      assertThat(ask(roles, GLOBEX, "SELECT CURRENT_ROLE()")).isNull();
    }
  }
}
