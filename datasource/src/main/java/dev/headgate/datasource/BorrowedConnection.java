package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolRegistry;
import dev.headgate.datasource.pool.Restriction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection with the lease on its pool, from the borrow to the return. */
final class BorrowedConnection {

  /** SQLSTATE "read-only SQL transaction". */
  private static final String READ_ONLY = "25006";

  private final PoolRegistry registry;
  private final Database database;
  private final Connection connection;
  private boolean condemned;

  /**
   * Whether a statement was cancelled, which may still go on, and fail: HikariCP must not take that
   * for a failure of the next borrower's. Volatile, since another thread cancels.
   */
  private volatile boolean cancelled;

  /** What was executed last. Volatile, since another thread may cancel it. */
  private volatile @Nullable Statement executed;

  BorrowedConnection(PoolRegistry registry, Database database, Connection connection) {
    this.registry = registry;
    this.database = database;
    this.connection = connection;
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

  /** A statement is cancelled next, from whatever thread. */
  void cancelling() {
    cancelled = true;
  }

  /** Asks the database to stop what it is doing, from whatever thread. */
  void cancelStatement() throws SQLException {
    cancelling();
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

  /** Adds to a failure why the database refuses writes, if it is that. */
  void explain(Throwable failure, TenantId tenant) {
    Optional<Restriction> restriction = database.restriction();
    if (restriction.isPresent()
        && failure instanceof SQLException refused
        && READ_ONLY.equals(refused.getSQLState())
        && Arrays.stream(refused.getSuppressed())
            .noneMatch(TenantReadOnlyException.class::isInstance)) {
      refused.addSuppressed(new TenantReadOnlyException(tenant, restriction.get().reason()));
    }
  }

  /** Decides that no one else may get this connection. */
  void condemn() {
    condemned = true;
  }

  /**
   * Gives the connection back, whose statements are closed and whose transaction has ended, or
   * destroys it.
   */
  void giveBack() throws SQLException {
    if (condemned) {
      registry.discard(connection);
    } else if (cancelled) {
      connection.close();
    } else {
      registry.giveBack(connection);
    }
  }
}
