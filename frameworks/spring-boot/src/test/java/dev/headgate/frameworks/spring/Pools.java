package dev.headgate.frameworks.spring;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.pool.PoolSnapshot;

/** What a tenant's pool is doing. */
final class Pools {

  private Pools() {}

  /** Returns how many connections of a tenant are in use. */
  static int active(RoutingDataSource dataSource, String tenant) {
    return dataSource.snapshot().pools().stream()
        .filter(pool -> pool.labels().contains(tenant))
        .mapToInt(PoolSnapshot::active)
        .sum();
  }
}
