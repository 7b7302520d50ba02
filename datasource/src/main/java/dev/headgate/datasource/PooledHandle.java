package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executor;

/**
 * A handle outside any unit of work: a plain pooled connection, in auto-commit mode until the
 * application changes it, which goes back to its pool with its close.
 */
final class PooledHandle extends ConnectionHandle {

  private final BorrowedConnection borrowed;

  PooledHandle(BorrowedConnection borrowed) {
    super(borrowed.connection());
    this.borrowed = borrowed;
  }

  @Override
  Connection working() throws SQLException {
    return open();
  }

  @Override
  Connection unobserved() throws SQLException {
    return open();
  }

  @Override
  Connection altering() throws SQLException {
    Connection connection = open();
    borrowed.condemn();
    return connection;
  }

  @Override
  void unwrapped() {}

  @Override
  void noticed(Throwable failure) {}

  @Override
  public void setAutoCommit(boolean autoCommit) throws SQLException {
    open();
    borrowed.autoCommit(autoCommit);
  }

  @Override
  public void setReadOnly(boolean readOnly) throws SQLException {
    open();
    borrowed.readOnly(readOnly);
  }

  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    open();
    borrowed.isolation(level);
  }

  @Override
  public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
    open();
    borrowed.networkTimeout(executor, milliseconds);
  }

  @Override
  public boolean isValid(int timeout) throws SQLException {
    return !isClosed() && super.isValid(timeout);
  }

  @Override
  public void abort(Executor executor) throws SQLException {
    if (!isClosed()) {
      borrowed.abort(executor);
    }
  }

  /** Rolls back what was not committed, and gives the connection back clean or destroys it. */
  @Override
  public void close() throws SQLException {
    Throwable first = null;
    try {
      if (!closeStatements()) {
        return;
      }
    } catch (SQLException | RuntimeException | Error e) {
      first = e;
    }
    try {
      if (!borrowed.isBroken() && !borrowed.autoCommit()) {
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
