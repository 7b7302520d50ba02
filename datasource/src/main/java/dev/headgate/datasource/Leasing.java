package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolConflictException;
import dev.headgate.datasource.pool.PoolRegistry;
import dev.headgate.datasource.pool.PoolSnapshot;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/**
 * Borrows connections for tenants. When the directory's answers have changed, so that a pool with
 * the settings of before stands in the way, that pool makes room.
 */
final class Leasing {

  private final PoolRegistry registry;
  private final Collection<Route> routes;

  Leasing(PoolRegistry registry, Collection<Route> routes) {
    this.registry = registry;
    this.routes = routes;
  }

  BorrowedConnection borrow(Route route, TenantId tenant, Database database) throws SQLException {
    try {
      return leased(tenant, database);
    } catch (PoolConflictException e) {
      Database newest = route.lookup().findAnew(tenant);
      if (isInUse(e.existing())) {
        if (registry.samePool(newest, database)) {
          throw e;
        }
      } else {
        registry.retire(e.existing());
      }
      return leased(tenant, newest);
    }
  }

  private BorrowedConnection leased(TenantId tenant, Database database) throws SQLException {
    return BorrowedConnection.from(registry.lease(database, tenant.value()), database);
  }

  /** Returns whether a database is still that of one of the tenants for whom it was leased. */
  private boolean isInUse(Database database) {
    List<String> tenants =
        registry.snapshot().pools().stream()
            .filter(pool -> registry.samePool(pool.database(), database))
            .map(PoolSnapshot::labels)
            .flatMap(List::stream)
            .toList();
    return tenants.stream().anyMatch(tenant -> isDatabaseOf(TenantId.of(tenant), database));
  }

  private boolean isDatabaseOf(TenantId tenant, Database database) {
    for (Route route : routes) {
      try {
        if (registry.samePool(route.lookup().findAnew(tenant), database)) {
          return true;
        }
      } catch (UnknownTenantException e) {
        // It leads nowhere now.
      } catch (TenantDirectoryException e) {
        // Perhaps it still does.
        return true;
      }
    }
    return false;
  }
}
