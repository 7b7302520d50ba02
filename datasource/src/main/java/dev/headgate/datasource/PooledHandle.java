package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;

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
  void unwrapped() {}

  @Override
  void noticed(Throwable failure) {}

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
      if (!borrowed.isBroken() && !borrowed.connection().getAutoCommit()) {
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
