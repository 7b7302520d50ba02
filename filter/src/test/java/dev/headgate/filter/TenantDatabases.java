package dev.headgate.filter;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** An H2 database in memory for each of many tenants, with a table that names its tenant. */
final class TenantDatabases implements AutoCloseable {

  private final String run = UUID.randomUUID().toString();
  private final List<TenantId> tenants = new ArrayList<>();
  private final List<Connection> keptOpen = new ArrayList<>();
  final RoutingDataSource dataSource;

  TenantDatabases(int count, int maximumPools) throws SQLException {
    QuietLogs.on();
    for (int i = 0; i < count; i++) {
      TenantId tenant = TenantId.of("tenant-" + i);
      tenants.add(tenant);
      Connection connection = connect(tenant);
      keptOpen.add(connection);
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE owner (tenant VARCHAR(63))");
        statement.execute("INSERT INTO owner VALUES ('" + tenant + "')");
        statement.execute("CREATE TABLE note (token BIGINT PRIMARY KEY, tenant VARCHAR(63))");
      }
    }
    dataSource =
        RoutingDataSource.builder(tenant -> Optional.of(Database.of(url(tenant))))
            .maximumPools(maximumPools)
            .pool(
                PoolSettings.defaults()
                    .withMaximumSize(4)
                    // All threads of a test may come at once.
                    .withWaitingPerConnection(100)
                    .withBorrowTimeout(Duration.ofSeconds(30)))
            .build();
  }

  private String url(TenantId tenant) {
    return "jdbc:h2:mem:" + tenant + "-" + run;
  }

  /** A connection that knows nothing of Headgate. */
  Connection connect(TenantId tenant) throws SQLException {
    return DriverManager.getConnection(url(tenant));
  }

  List<TenantId> tenants() {
    return tenants;
  }

  @Override
  public void close() throws SQLException {
    dataSource.close();
    for (Connection connection : keptOpen) {
      connection.close();
    }
  }
}
