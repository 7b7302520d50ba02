package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;

/** Plain pooled connections to one tenant's database, outside any unit of work. */
final class TenantDataSource extends BasicDataSource {

  private static final PooledHandle.Owner NO_UNIT =
      new PooledHandle.Owner() {
        @Override
        public void forget(PooledHandle handle) {}

        @Override
        public void require() {}
      };

  private final Units units;
  private final Leasing leasing;
  private final Route route;
  private final TenantId tenant;

  TenantDataSource(Units units, Leasing leasing, Route route, TenantId tenant) {
    this.units = units;
    this.leasing = leasing;
    this.route = route;
    this.tenant = tenant;
  }

  @Override
  public Connection getConnection() throws SQLException {
    units.requireNoOther(tenant);
    return PooledHandle.autoCommitting(
        leasing.borrow(route, tenant, route.database(tenant), null, null), NO_UNIT);
  }

  @Override
  public String toString() {
    return "data source of tenant " + tenant;
  }
}
