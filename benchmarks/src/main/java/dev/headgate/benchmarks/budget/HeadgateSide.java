package dev.headgate.benchmarks.budget;

import dev.headgate.benchmarks.harness.Postgres;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A unit of work of Headgate's for each request, with the budget. */
final class HeadgateSide implements Side {

  private final RoutingDataSource dataSource;
  private final TenantId[] tenants;

  HeadgateSide(Postgres server, Databases databases, int budget) {
    Map<String, Database> byTenant = new HashMap<>();
    tenants = new TenantId[databases.count()];
    for (int i = 0; i < tenants.length; i++) {
      tenants[i] = TenantId.of(databases.name(i));
      byTenant.put(
          databases.name(i),
          Database.builder(CountedDriver.url(server, databases.name(i)))
              .user(Postgres.USER)
              .server("postgres")
              .build());
    }
    dataSource =
        RoutingDataSource.builder(TenantDirectory.of(byTenant))
            .transactions(Transactions.NONE)
            .maximumPools(tenants.length)
            .budget(budget)
            .build();
  }

  @Override
  public String name() {
    return "Headgate";
  }

  @Override
  public void with(int database, Work work) throws SQLException {
    try (UnitOfWork unit = dataSource.begin(tenants[database])) {
      try (Connection connection = dataSource.getConnection()) {
        work.with(connection);
      }
      unit.finish();
    }
  }

  @Override
  public void close() {
    dataSource.close();
  }
}
