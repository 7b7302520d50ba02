package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;

/** Plain pooled connections to one tenant's database, outside any unit of work. */
final class TenantDataSource extends BasicDataSource {

  private final RoutingDataSource source;
  private final TenantId tenant;

  TenantDataSource(RoutingDataSource source, TenantId tenant) {
    this.source = source;
    this.tenant = tenant;
  }

  @Override
  public Connection getConnection() throws SQLException {
    source.requireNoOther(tenant);
    BorrowedConnection borrowed = source.borrow(tenant, source.database(tenant));
    PooledHandle handle = new PooledHandle(borrowed);
    try {
      handle.setAutoCommit(true);
    } catch (SQLException | RuntimeException | Error e) {
      borrowed.condemn();
      try {
        handle.close();
      } catch (SQLException | RuntimeException | Error later) {
        e.addSuppressed(later);
      }
      throw e;
    }
    return handle;
  }

  @Override
  public String toString() {
    return "data source of tenant " + tenant;
  }
}
