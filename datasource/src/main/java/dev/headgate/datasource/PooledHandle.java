package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A handle outside any unit of work: a plain pooled connection, in auto-commit mode until the
 * application changes it, which goes back to its pool with its close.
 */
final class PooledHandle extends ConnectionHandle {

  /** For whom it is. */
  interface Owner extends Permission {

    TenantId tenant();

    /** A handle was closed. */
    void forget(PooledHandle handle);
  }

  private static final AtomicIntegerFieldUpdater<PooledHandle> CALLS =
      AtomicIntegerFieldUpdater.newUpdater(PooledHandle.class, "calls");

  private final BorrowedConnection borrowed;
  private final Owner owner;

  /** How many calls are with the driver now, of whatever threads. */
  private volatile int calls;

  private PooledHandle(BorrowedConnection borrowed, Owner owner) {
    super(borrowed, owner);
    this.borrowed = borrowed;
    this.owner = owner;
  }

  /** Returns a handle in auto-commit mode; a failure gives the connection back. */
  static PooledHandle autoCommitting(BorrowedConnection borrowed, Owner owner) throws SQLException {
    PooledHandle handle = new PooledHandle(borrowed, owner);
    try {
      if (!borrowed.connection().getAutoCommit()) {
        borrowed.connection().setAutoCommit(true);
      }
      return handle;
    } catch (SQLException | RuntimeException | Error e) {
      borrowed.condemn();
      try {
        handle.close();
      } catch (SQLException | RuntimeException | Error later) {
        e.addSuppressed(later);
      }
      throw e;
    }
  }

  /** Some frameworks close connections on another thread than the one that has used them. */
  @Override
  void requireTurn() {}

  @Override
  boolean close(Closing closing) throws SQLException {
    closing.run();
    return true;
  }

  @Override
  Connection working() throws SQLException {
    CALLS.incrementAndGet(this);
    try {
      // After the line before: whoever closes meanwhile sees the call, or is seen here.
      return open();
    } catch (SQLException e) {
      done();
      throw e;
    }
  }

  @Override
  Connection unobserved() throws SQLException {
    return working();
  }

  @Override
  void done() {
    CALLS.decrementAndGet(this);
  }

  @Override
  void unwrapped() {}

  @Override
  void noticed(Throwable failure) {
    borrowed.explain(failure, owner.tenant());
  }

  /**
   * Rolls back what was not committed, and gives the connection back clean or destroys it. If
   * another thread still uses it, that is cancelled, and no one gets the connection after it.
   */
  @Override
  public void close() throws SQLException {
    if (!markClosed()) {
      return;
    }
    boolean inUse = calls > 0;
    Throwable first = null;
    try {
      if (inUse) {
        borrowed.condemn();
        cancelStatement();
      }
    } catch (SQLException | RuntimeException | Error e) {
      first = e;
    }
    try {
      closeStatements();
    } catch (SQLException | RuntimeException | Error e) {
      first = Failures.combine(first, e);
    }
    owner.forget(this);
    try {
      if (!inUse && !borrowed.isBroken() && !borrowed.connection().getAutoCommit()) {
        // HikariCP would, but only for the statements that it has seen.
        borrowed.connection().rollback();
      }
    } catch (SQLException | RuntimeException | Error e) {
      borrowed.condemn();
      first = Failures.combine(first, e);
    }
    try {
      borrowed.giveBack();
    } catch (SQLException | RuntimeException | Error e) {
      first = Failures.combine(first, e);
    }
    Failures.rethrow(first);
  }
}
