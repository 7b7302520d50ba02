package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tenants on a pool with one connection of MySQL's driver: it is cleared for the next one, or
 * closed where the driver would not clear all of it.
 */
class SessionMySqlDriverTest {

  private @Nullable RoutingDataSource dataSource;

  @AfterEach
  void stop() {
    if (dataSource != null) {
      dataSource.close();
    }
  }

  private RoutingDataSource open(String options) throws SQLException {
    return open("", "127.0.0.1:" + port(), options);
  }

  private RoutingDataSource open(String kind, String hosts, String options) throws SQLException {
    Database whole =
        Database.builder("jdbc:mysql:%s//%s/mysql_driver?%s".formatted(kind, hosts, options))
            .user("root")
            .property("sslMode", "DISABLED")
            .server("mariadb")
            .build();
    dataSource =
        RoutingDataSource.builder(
                TenantDirectory.of(
                    Map.of(
                        "acme", whole.withCatalog("mysql_driver"),
                        "globex", whole.withCatalog("mysql_other"))))
            .pool(PoolSettings.defaults().withMaximumSize(1))
            .build();
    return dataSource;
  }

  private static int port() throws SQLException {
    MariaDbServer.shared().database("mysql_other");
    String url = MariaDbServer.shared().database("mysql_driver").url();
    return Integer.parseInt(url.replaceAll(".*//127\\.0\\.0\\.1:(\\d+)/.*", "$1"));
  }

  private static void leave(RoutingDataSource in) throws SQLException {
    try (Connection connection = in.forTenant(ACME).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET @secret = 'of acme'");
    }
  }

  private static @Nullable String ask(RoutingDataSource of, TenantId tenant, String question)
      throws SQLException {
    try (Connection connection = of.forTenant(tenant).getConnection();
        PreparedStatement statement = connection.prepareStatement(question);
        ResultSet answer = statement.executeQuery()) {
      assertThat(answer.next()).isTrue();
      return answer.getString(1);
    }
  }

  private static void assertNothingPasses(RoutingDataSource from, boolean cleared)
      throws SQLException {
    leave(from);
    assertThat(ask(from, ACME, "SELECT @secret")).isEqualTo("of acme");
    String session = ask(from, ACME, "SELECT CONNECTION_ID()");
    assertThat(ask(from, GLOBEX, "SELECT @secret")).isNull();
    assertThat(ask(from, GLOBEX, "SELECT DATABASE()")).isEqualTo("mysql_other");
    assertThat(session.equals(ask(from, GLOBEX, "SELECT CONNECTION_ID()"))).isEqualTo(cleared);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "useServerPrepStmts=true", "cachePrepStmts=true"})
  void whatIsLeft_isCleared(String options) throws SQLException {
    assertNothingPasses(open(options), true);
  }

  @Test
  void aDriverThatDoesNotReset_hasItsConnectionClosed() throws SQLException {
    assertNothingPasses(open("paranoid=true"), false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"replication:", "loadbalance:"})
  void aConnectionToSeveralServers_isClosed(String kind) throws SQLException {
    String host = "127.0.0.1:" + port();
    assertNothingPasses(open(kind, host + "," + host, ""), false);
  }

  @Test
  void onTheReplicasConnection_nothingIsFoundEither() throws SQLException {
    String host = "127.0.0.1:" + port();
    RoutingDataSource replicated = open("replication:", host + "," + host, "");
    try (Connection connection = replicated.forTenant(ACME).getConnection()) {
      connection.setReadOnly(true);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET @secret = 'of acme'");
      }
    }
    try (Connection connection = replicated.forTenant(GLOBEX).getConnection()) {
      connection.setReadOnly(true);
      try (Statement statement = connection.createStatement();
          ResultSet answer = statement.executeQuery("SELECT @secret")) {
        assertThat(answer.next()).isTrue();
        assertThat(answer.getString(1)).isNull();
      }
    }
  }

  @Test
  void statementsOnTheServerThatTheDriverKeeps_goOn_onAnotherConnection() throws SQLException {
    RoutingDataSource keeping = open("useServerPrepStmts=true&cachePrepStmts=true");
    for (TenantId tenant : new TenantId[] {ACME, GLOBEX, ACME, GLOBEX}) {
      assertThat(ask(keeping, tenant, "SELECT 'whole'")).isEqualTo("whole");
      assertThat(ask(keeping, tenant, "SELECT 'whole'")).isEqualTo("whole");
    }
    assertNothingPasses(keeping, false);
  }
}
