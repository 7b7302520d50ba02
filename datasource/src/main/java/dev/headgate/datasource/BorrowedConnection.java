package dev.headgate.datasource;

import dev.headgate.datasource.pool.Borrower;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.Lease;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A connection and the lease on its pool, from the borrow to the return. */
final class BorrowedConnection {

  private final Lease lease;
  private final Database database;
  private final Connection connection;
  private boolean condemned;

  /** What was executed last. Volatile, since another thread may cancel it. */
  private volatile @Nullable Statement executed;

  private BorrowedConnection(Lease lease, Database database, Connection connection) {
    this.lease = lease;
    this.database = database;
    this.connection = connection;
  }

  /** Borrows a connection from a leased pool; a failure gives the lease back. */
  static BorrowedConnection from(Lease lease, Database database, @Nullable Borrower borrower)
      throws SQLException {
    try {
      Connection connection =
          borrower == null ? lease.getConnection() : lease.getConnection(borrower);
      return new BorrowedConnection(lease, database, connection);
    } catch (SQLException | RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  Database database() {
    return database;
  }

  Connection connection() {
    return connection;
  }

  /** This statement is executed next. */
  void executing(Statement statement) {
    executed = statement;
  }

  /** Asks the database to stop what it is doing, from whatever thread. */
  void cancelStatement() throws SQLException {
    Statement last = executed;
    if (last != null && !last.isClosed()) {
      last.cancel();
    }
  }

  /**
   * Returns whether the connection is of no use any more: it was aborted, or the pool gave it up.
   */
  boolean isBroken() throws SQLException {
    return connection.isClosed();
  }

  /** Decides that no one else may get this connection. */
  void condemn() {
    condemned = true;
  }

  /** Gives the connection back clean, or destroys it; and the lease in any case. */
  void giveBack() throws SQLException {
    try {
      if (condemned) {
        lease.discard(connection);
      } else {
        connection.close();
      }
    } finally {
      lease.close();
    }
  }
}
