package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.faults.Settings;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One tenant on the stub driver, for faults and for counting what is sent. */
final class StubTenant implements AutoCloseable {

  static final TenantId TENANT = TenantId.of("stub");

  final StubDatabase stub = StubDatabase.create(UUID.randomUUID().toString());
  final RoutingDataSource dataSource;

  StubTenant() {
    Database database = Database.of(stub.url());
    dataSource =
        RoutingDataSource.builder(tenant -> Optional.of(database))
            .pool(
                PoolSettings.defaults().withMaximumSize(2).withBorrowTimeout(Duration.ofSeconds(5)))
            .closeTimeout(Duration.ofSeconds(1))
            .build();
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Returns what was sent to the database that takes a round trip, without what leads there. */
  List<String> sent() {
    return stub.calls().stream()
        .filter(
            call ->
                call.contains("execute")
                    || call.matches("Connection\\.(commit|rollback|\\w*Savepoint|set\\w+)\\(.*"))
        .toList();
  }

  /** Returns whether every open connection is in the state in which the pool keeps it. */
  boolean isClean() {
    return stub.isClean(Settings.INITIAL.withAutoCommit(false));
  }

  int leases() {
    return dataSource.snapshot().pools().stream().mapToInt(pool -> pool.leases()).sum();
  }

  @Override
  public void close() {
    dataSource.close();
    stub.close();
  }
}
