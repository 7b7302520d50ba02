package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;

/** Plain pooled connections to one tenant's database, outside any unit of work. */
final class TenantDataSource extends BasicDataSource implements PooledHandle.Owner {

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
    Unit current = units.requireNoOther(tenant);
    Database database = units.database(tenant, current == null ? null : current.database());
    return PooledHandle.autoCommitting(leasing.borrow(route, tenant, database, null, null), this);
  }

  @Override
  public TenantId tenant() {
    return tenant;
  }

  /** There is no unit of work that would close it in the end. */
  @Override
  public void forget(PooledHandle handle) {}

  /** There is no unit of work that could be cancelled. */
  @Override
  public void require() {}

  @Override
  public String toString() {
    return "data source of tenant " + tenant;
  }
}
