package dev.headgate.datasource;

import dev.headgate.datasource.pool.Borrower;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.DatabaseUnavailableException;
import dev.headgate.datasource.pool.EvictionReason;
import dev.headgate.datasource.pool.PoolConflictException;
import dev.headgate.datasource.pool.PoolRegistry;
import dev.headgate.datasource.pool.PoolSnapshot;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Borrows connections for tenants. When the directory's answers have changed, so that a pool with
 * the settings of before stands in the way, that pool makes room.
 */
final class Leasing {

  /** Class of SQLSTATE "invalid authorization specification". */
  private static final String INVALID_AUTHORIZATION = "28";

  private final PoolRegistry registry;
  private final Collection<Route> routes;

  /**
   * Makes it.
   *
   * @param routes all ways to databases; may be filled later, before the first use
   */
  Leasing(PoolRegistry registry, Collection<Route> routes) {
    this.registry = registry;
    this.routes = routes;
  }

  /**
   * Borrows a connection. If none can be had, the tenant may have moved since the directory was
   * asked, or its password may have changed: then what the directory says now is tried.
   *
   * @param borrower for whom, or null if it has no other connection
   * @param work says what it is for, for reports
   */
  BorrowedConnection borrow(
      Route route,
      TenantId tenant,
      Database database,
      @Nullable Borrower borrower,
      @Nullable Supplier<String> work)
      throws SQLException {
    try {
      return leased(tenant, database, borrower, work);
    } catch (PoolConflictException e) {
      Database newest = route.lookup().findAnew(tenant).restrictedAs(database);
      if (isInUse(e.existing(), Lookup::findAnew)) {
        if (registry.samePool(newest, database)) {
          throw e;
        }
      } else {
        registry.retire(e.existing(), EvictionReason.REPLACED);
      }
      return leased(tenant, newest, borrower, work);
    } catch (DatabaseUnavailableException e) {
      Database known = newest(route, tenant, e);
      // Whatever it is restricted to by now: this goes on as it has begun.
      Database newest = known == null ? database : known.restrictedAs(database);
      if (newest.equals(database)) {
        throw e;
      }
      try {
        return leased(tenant, newest, borrower, work);
      } catch (SQLException | RuntimeException later) {
        later.addSuppressed(e);
        throw later;
      }
    }
  }

  /** Returns where a tenant's database is now, or null if that can't be said. */
  private static @Nullable Database newest(
      Route route, TenantId tenant, DatabaseUnavailableException failure) {
    try {
      // What a failure gate has refused nobody has tried: the directory has no news for it.
      return failure.retryAfter().isEmpty() && isLoginRefused(failure)
          ? route.lookup().findAnew(tenant)
          : route.lookup().known(tenant);
    } catch (UnknownTenantException | TenantDirectoryException e) {
      failure.addSuppressed(e);
      return null;
    }
  }

  private static boolean isLoginRefused(SQLException failure) {
    String state = failure.getSQLState();
    return state != null && state.startsWith(INVALID_AUTHORIZATION);
  }

  private BorrowedConnection leased(
      TenantId tenant,
      Database database,
      @Nullable Borrower borrower,
      @Nullable Supplier<String> work)
      throws SQLException {
    return new BorrowedConnection(
        registry, database, registry.borrow(database, tenant.value(), borrower, work));
  }

  /** A tenant's database is not this one any more: its pool drains, unless it is another's. */
  void moved(Database from) {
    if (!isInUse(from, Lookup::known)) {
      registry.retire(from, EvictionReason.REPLACED);
    }
  }

  /** Lets all pools drain that were leased for a tenant, and asks the directory the next time. */
  void evict(TenantId tenant) {
    routes.forEach(route -> route.lookup().forget(tenant));
    for (PoolSnapshot pool : registry.snapshot().pools()) {
      if (pool.labels().contains(tenant.value())) {
        registry.retire(pool.database());
      }
    }
  }

  /** Asks the directory again. */
  void refresh(TenantId tenant) {
    Throwable first = null;
    for (Route route : routes) {
      try {
        route.lookup().findAnew(tenant);
      } catch (UnknownTenantException e) {
        // Its pools drain already.
      } catch (TenantDirectoryException e) {
        first = Failures.combine(first, e);
      }
    }
    if (first instanceof TenantDirectoryException e) {
      throw e;
    }
  }

  /** Returns whether a database is still that of one of the tenants for whom it was leased. */
  private boolean isInUse(
      Database database, BiFunction<Lookup, TenantId, @Nullable Database> finder) {
    for (String label : registry.labels(database)) {
      for (Route route : routes) {
        if (isDatabaseOf(TenantId.of(label), database, route.lookup(), finder)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isDatabaseOf(
      TenantId tenant,
      Database database,
      Lookup lookup,
      BiFunction<Lookup, TenantId, @Nullable Database> finder) {
    try {
      Database found = finder.apply(lookup, tenant);
      return found != null && registry.samePool(found, database);
    } catch (UnknownTenantException e) {
      // It leads nowhere now.
      return false;
    } catch (TenantDirectoryException e) {
      // Perhaps it still does.
      return true;
    }
  }
}
