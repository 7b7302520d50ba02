package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A unit of work that leaves transactions to the application: it says whose data connections lead
 * to, and ends those that are left open.
 */
final class PlainUnit extends Unit implements PooledHandle.Owner {

  private static final Logger log = LoggerFactory.getLogger(PlainUnit.class);

  private static final AtomicReferenceFieldUpdater<PlainUnit, @Nullable ConnectionHandle> ONE =
      AtomicReferenceFieldUpdater.newUpdater(PlainUnit.class, ConnectionHandle.class, "one");

  /**
   * One connection that is open, mostly the only one. Who has the unit sets it, and whoever closes
   * that connection ends it.
   */
  private volatile @Nullable ConnectionHandle one;

  /**
   * The other connections that are open; null before the second. Some frameworks close theirs on
   * another thread.
   */
  private volatile @Nullable Set<ConnectionHandle> others;

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
      open().stream().filter(ConnectionHandle::isClosed).forEach(this::forget);
      return remembered(rehearsal.connection(route, this));
    }
    return remembered(PooledHandle.autoCommitting(units.borrow(route, this), this));
  }

  private <T extends ConnectionHandle> T remembered(T handle) {
    if (one == null) {
      // Others see it with its first statement, which is when there is something to cancel.
      ONE.lazySet(this, handle);
    } else {
      others().add(handle);
    }
    return handle;
  }

  private synchronized Set<ConnectionHandle> others() {
    Set<ConnectionHandle> all = others;
    if (all == null) {
      all = ConcurrentHashMap.newKeySet();
      others = all;
    }
    return all;
  }

  @Override
  public void forget(PooledHandle handle) {
    forget((ConnectionHandle) handle);
  }

  private void forget(ConnectionHandle handle) {
    if (one == handle) {
      ONE.lazySet(this, null);
    } else if (others != null) {
      others().remove(handle);
    }
  }

  private List<ConnectionHandle> open() {
    ConnectionHandle single = one;
    Set<ConnectionHandle> more = others;
    if (single == null && more == null) {
      return List.of();
    }
    List<ConnectionHandle> all = new ArrayList<>(more == null ? Set.of() : more);
    if (single != null) {
      all.add(single);
    }
    return all;
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
    List<ConnectionHandle> all = open();
    if (all.isEmpty()) {
      return;
    }
    List<ConnectionHandle> left = all.stream().filter(handle -> !handle.isClosed()).toList();
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
    for (ConnectionHandle handle : open()) {
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
