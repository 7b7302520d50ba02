package dev.headgate.datasource;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Makes tasks carry the tenant that is current when they are made, and nothing else of its unit of
 * work: they run in one of their own.
 */
final class TenantTasks {

  private final Units units;

  TenantTasks(Units units) {
    this.units = units;
  }

  /** Returns a task that carries the tenant, or the very task if there is none. */
  Runnable carrying(Runnable task) {
    Unit current = units.current();
    return current == null ? task : carrying(current.tenant(), task);
  }

  /** Returns a task that carries the tenant, or the very task if there is none. */
  <T extends @Nullable Object> Callable<T> carrying(Callable<T> task) {
    Unit current = units.current();
    return current == null ? task : carrying(current.tenant(), task);
  }

  private Runnable carrying(TenantId tenant, Runnable task) {
    return () -> {
      try (UnitOfWork work = units.beginIndependent(tenant, UnitOptions.defaults())) {
        task.run();
        work.finish();
      } catch (SQLException e) {
        throw new UncheckedSQLException(e);
      }
    };
  }

  private <T extends @Nullable Object> Callable<T> carrying(TenantId tenant, Callable<T> task) {
    return () -> {
      try (UnitOfWork work = units.beginIndependent(tenant, UnitOptions.defaults())) {
        T result = task.call();
        work.finish();
        return result;
      }
    };
  }
}
