package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A unit of work that leaves transactions to the application: it says whose data connections lead
 * to, and ends those that are left open.
 */
final class PlainUnit extends Unit {

  private static final Logger log = LoggerFactory.getLogger(PlainUnit.class);

  /** The connections that are open. Some frameworks close theirs on another thread. */
  private final Set<ConnectionHandle> open = ConcurrentHashMap.newKeySet();

  PlainUnit(
      Units units, TenantId tenant, Database database, UnitOptions options, @Nullable Unit outer) {
    super(units, tenant, database, options, new Turn(), outer);
  }

  @Override
  Connection connection(Route route) throws SQLException {
    requireOpen();
    requireNotCancelled();
    TransactionalUnit rehearsal = rehearsal();
    if (rehearsal != null) {
      open.removeIf(ConnectionHandle::isClosed);
      UnitHandle handle = rehearsal.connection(route, this);
      open.add(handle);
      return handle;
    }
    PooledHandle handle =
        PooledHandle.autoCommitting(
            units.borrow(route, this), open::remove, this::requireNotCancelled);
    open.add(handle);
    return handle;
  }

  @Override
  boolean isJoinable() {
    return false;
  }

  /** Does nothing: the application has committed what it wanted to keep. */
  @Override
  void commitWork() {}

  @Override
  public void onCommitted(Runnable action) {
    throw noOutcome();
  }

  @Override
  public void onRolledBack(Runnable action) {
    throw noOutcome();
  }

  @Override
  public void onUnknown(Runnable action) {
    throw noOutcome();
  }

  private static IllegalStateException noOutcome() {
    return new IllegalStateException(
        "with transactions = none the application knows the outcome of its own transactions");
  }

  /** Refused: what the application has committed can't be taken back. */
  @Override
  public void setRollbackOnly() {
    throw new IllegalStateException(
        "with transactions = none the application rolls back on its own connections");
  }

  /** Does nothing: what the application has not committed goes with its connections. */
  @Override
  void rollBack() {}

  @Override
  void closeHandles() throws SQLException {
    List<ConnectionHandle> left = new ArrayList<>(open);
    left.removeIf(ConnectionHandle::isClosed);
    if (!left.isEmpty()) {
      log.warn(
          "Connections of tenant {} left open at the end of its unit of work, now rolled back and"
              + " closed: {}; close each where it was opened",
          tenant,
          left.size());
    }
    Throwable first = null;
    for (ConnectionHandle handle : left) {
      try {
        handle.close();
      } catch (SQLException | RuntimeException | Error e) {
        first = Failures.combine(first, e);
      }
    }
    Failures.rethrow(first);
  }

  @Override
  void cancelStatements() throws SQLException {
    Throwable first = null;
    for (ConnectionHandle handle : open) {
      try {
        handle.cancelStatement();
      } catch (SQLException | RuntimeException | Error e) {
        first = Failures.combine(first, e);
      }
    }
    Failures.rethrow(first);
  }

  @Override
  void release(@Nullable Throwable failure) {}
}
