package dev.headgate.datasource;

import dev.headgate.datasource.pool.Lease;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executor;

/**
 * A pooled connection and the lease on its pool, from the borrow to the return. What was changed in
 * the connection's settings is changed back before it is returned. HikariCP would do that itself,
 * but after a failure it keeps the connection; here it is destroyed.
 */
final class BorrowedConnection {

  /** The settings do not take long enough to need another thread. */
  private static final Executor SAME_THREAD = Runnable::run;

  private static final int UNCHANGED = -1;

  private final Lease lease;
  private final Connection connection;
  private int isolationBefore = UNCHANGED;
  private int timeoutBefore = UNCHANGED;
  private boolean readOnly;
  private boolean autoCommit;
  private boolean aborted;
  private boolean condemned;

  private BorrowedConnection(Lease lease, Connection connection) {
    this.lease = lease;
    this.connection = connection;
  }

  /** Borrows a connection from a leased pool; a failure gives the lease back. */
  static BorrowedConnection from(Lease lease) throws SQLException {
    try {
      return new BorrowedConnection(lease, lease.getConnection());
    } catch (SQLException | RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  Connection connection() {
    return connection;
  }

  /**
   * Returns whether the connection is of no use any more: the pool gave it up, or it was aborted.
   */
  boolean isBroken() throws SQLException {
    return aborted || connection.isClosed();
  }

  /** Sets the isolation level, unless it is the same already. */
  void isolation(int level) throws SQLException {
    int before = connection.getTransactionIsolation();
    if (before != level) {
      change(() -> connection.setTransactionIsolation(level));
      if (isolationBefore == UNCHANGED) {
        isolationBefore = before;
      }
    }
  }

  void networkTimeout(Executor executor, int milliseconds) throws SQLException {
    int before = connection.getNetworkTimeout();
    change(() -> connection.setNetworkTimeout(executor, milliseconds));
    if (timeoutBefore == UNCHANGED) {
      timeoutBefore = before;
    }
  }

  void readOnly(boolean value) throws SQLException {
    if (readOnly != value) {
      change(() -> connection.setReadOnly(value));
      readOnly = value;
    }
  }

  boolean autoCommit() {
    return autoCommit;
  }

  void autoCommit(boolean value) throws SQLException {
    if (autoCommit != value) {
      change(() -> connection.setAutoCommit(value));
      autoCommit = value;
    }
  }

  @FunctionalInterface
  private interface Change {
    void make() throws SQLException;
  }

  /** Makes a change; if it fails, no one knows whether it was made, and so what to change back. */
  private void change(Change change) throws SQLException {
    boolean made = false;
    try {
      change.make();
      made = true;
    } finally {
      condemned |= !made;
    }
  }

  void abort(Executor executor) throws SQLException {
    aborted = true;
    condemned = true;
    connection.abort(executor);
  }

  /** Decides that no one else may get this connection. */
  void condemn() {
    condemned = true;
  }

  /** Gives the connection back clean, or destroys it; and the lease in any case. */
  void giveBack() throws SQLException {
    boolean clean = false;
    try {
      if (!condemned) {
        restore();
        clean = true;
      }
    } finally {
      try {
        if (clean) {
          connection.close();
        } else {
          lease.discard(connection);
        }
      } finally {
        lease.close();
      }
    }
  }

  private void restore() throws SQLException {
    autoCommit(false);
    readOnly(false);
    if (isolationBefore != UNCHANGED) {
      connection.setTransactionIsolation(isolationBefore);
    }
    if (timeoutBefore != UNCHANGED) {
      connection.setNetworkTimeout(SAME_THREAD, timeoutBefore);
    }
  }
}
