package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;

/** Plain pooled connections to one tenant's database, outside any unit of work. */
final class TenantDataSource extends BasicDataSource {

  private final RoutingDataSource source;
  private final Route route;
  private final TenantId tenant;

  TenantDataSource(RoutingDataSource source, Route route, TenantId tenant) {
    this.source = source;
    this.route = route;
    this.tenant = tenant;
  }

  @Override
  public Connection getConnection() throws SQLException {
    source.requireNoOther(tenant);
    return PooledHandle.autoCommitting(
        source.borrow(route, tenant, route.database(tenant)), handle -> {});
  }

  @Override
  public String toString() {
    return "data source of tenant " + tenant;
  }
}
