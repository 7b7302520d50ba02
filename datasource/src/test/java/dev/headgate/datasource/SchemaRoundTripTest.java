package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.faults.FaultProxy;
import dev.headgate.faults.Protocol;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a switch costs on the way to a real server: one round trip, and without one none. */
class SchemaRoundTripTest {

  private static final Pattern PORT = Pattern.compile(":(\\d+)/");
  private static final TenantId HOUSE = TenantId.of("house");
  private static final TenantId ONE = TenantId.of("one");
  private static final TenantId TWO = TenantId.of("two");

  /** A pool looks whether a connection lives that has lain idle; a busy machine may see it. */
  private static final int TRIES = 10;

  @FunctionalInterface
  private interface Part {
    Database of(Database database, String name);
  }

  @Test
  void postgres() throws SQLException {
    Database database = PostgresServer.database("round_trips");
    execute(database, "CREATE SCHEMA IF NOT EXISTS one", "CREATE SCHEMA IF NOT EXISTS two");
    assertCosts(database, Database::withSchema, Protocol.POSTGRESQL);
  }

  @Test
  void mariaDb() throws SQLException {
    Database database = MariaDbServer.shared().database("round_trips");
    execute(database, "CREATE DATABASE IF NOT EXISTS one", "CREATE DATABASE IF NOT EXISTS two");
    assertCosts(database, Database::withCatalog, Protocol.MARIADB);
  }

  private static void execute(Database database, String... sql) throws SQLException {
    try (RoutingDataSource dataSource = RoutingDataSource.builder(database).build();
        Connection connection = dataSource.forTenant(TenantId.ONLY).getConnection();
        Statement statement = connection.createStatement()) {
      for (String each : sql) {
        statement.execute(each);
      }
    }
  }

  private static void assertCosts(Database direct, Part part, Protocol protocol)
      throws SQLException {
    Matcher port = PORT.matcher(direct.url());
    assertThat(port.find()).isTrue();
    try (FaultProxy proxy = FaultProxy.to("localhost", Integer.parseInt(port.group(1)), protocol)) {
      Database database =
          Database.builder(port.replaceFirst(":" + proxy.port() + "/"))
              .user(direct.user().orElseThrow())
              .build();
      // What the driver sends in one go arrives before the first answer then.
      proxy.latency(Duration.ofMillis(1));
      for (Transactions transactions : Transactions.values()) {
        try (RoutingDataSource plain =
                RoutingDataSource.builder(TenantDirectory.of(Map.of("house", database)))
                    .transactions(transactions)
                    .pool(PoolSettings.defaults().withMaximumSize(1))
                    .build();
            RoutingDataSource tenants =
                RoutingDataSource.builder(
                        TenantDirectory.of(
                            Map.of(
                                "house", database,
                                "one", part.of(database, "one"),
                                "two", part.of(database, "two"))))
                    .transactions(transactions)
                    .pool(PoolSettings.defaults().withMaximumSize(1))
                    .build()) {
          long ever = cost(plain, proxy, HOUSE);
          assertThat(cost(tenants, proxy, HOUSE)).isEqualTo(ever);
          assertThat(cost(tenants, proxy, ONE)).isEqualTo(ever);
          assertThat(cost(tenants, proxy, ONE, TWO)).isEqualTo(ever + 1);
          assertThat(cost(tenants, proxy, HOUSE, TWO)).isEqualTo(ever + 1);
        }
      }
    }
  }

  /** Returns what the last of these units costs, when they follow one another again and again. */
  private static long cost(RoutingDataSource dataSource, FaultProxy proxy, TenantId... tenants)
      throws SQLException {
    long[] costs = new long[TRIES];
    for (int i = 0; i < TRIES; i++) {
      for (TenantId tenant : tenants) {
        long before = proxy.roundTrips();
        dataSource.call(
            tenant,
            work -> {
              try (Connection connection = dataSource.getConnection();
                  Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
              }
              return null;
            });
        costs[i] = proxy.roundTrips() - before;
      }
    }
    return LongStream.of(costs).min().orElseThrow();
  }
}
