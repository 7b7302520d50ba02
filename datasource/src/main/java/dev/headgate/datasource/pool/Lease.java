package dev.headgate.datasource.pool;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The right to use a pool: while a lease is held, the pool is not closed. Borrow connections from
 * it and close them before the lease.
 *
 * <pre>{@code
 * try (Lease lease = registry.lease(database);
 *     Connection connection = lease.getConnection()) {
 *   …
 *   connection.commit();
 * }
 * }</pre>
 *
 * <p>Connections come with auto-commit off. Safe for use by many threads.
 */
public final class Lease implements DataSource, AutoCloseable {

  private final PoolRegistry registry;
  private final Pool pool;
  private final Database database;
  private final @Nullable String label;
  private final @Nullable Supplier<String> work;
  private final AtomicBoolean closed = new AtomicBoolean();

  Lease(
      PoolRegistry registry,
      Pool pool,
      Database database,
      @Nullable String label,
      @Nullable Supplier<String> work) {
    this.label = label;
    this.work = work;
    this.registry = registry;
    this.pool = pool;
    this.database = database;
  }

  /** Returns the database that the connections lead to. */
  public Database database() {
    return database;
  }

  /**
   * Borrows a connection, with auto-commit off, in the schema or catalog of the database, if it has
   * one. Its {@code close()} rolls back what was not committed and gives it back to the pool as it
   * was, or destroys it: if that fails, or if its holdability, type map or client info was changed.
   * If its schema or catalog was changed, the next borrower's is set, or it is destroyed where
   * nobody knows how. What SQL has left in its session goes as the pool's {@link Reset} says. If
   * the database is read only for now, it refuses writes.
   *
   * @throws DatabaseUnavailableException if the database can't be reached or is suspended, there is
   *     no such schema or catalog, or no connection became free within the borrow timeout
   * @throws DriverNotFoundException if no driver accepts the database's URL
   * @throws SQLException if this lease was closed
   */
  @Override
  public Connection getConnection() throws SQLException {
    return borrow(null);
  }

  /**
   * As {@link #getConnection()}, for someone who may have other connections, too.
   *
   * @throws BorrowDeadlockException if no connection can become free, since all who could give one
   *     back wait themselves
   * @throws DatabaseUnavailableException as {@link #getConnection()} does
   * @throws DriverNotFoundException as {@link #getConnection()} does
   * @throws SQLException if this lease was closed
   */
  public Connection getConnection(Borrower borrower) throws SQLException {
    return borrow(borrower);
  }

  private Connection borrow(@Nullable Borrower borrower) throws SQLException {
    if (closed.get()) {
      throw new SQLException(
          "the lease on pool %s was closed: take a new one from the registry"
              .formatted(pool.name()));
    }
    database.requireUsable();
    LeasedConnection connection = pool.borrow(null, database, label, borrower);
    Holdings holdings = registry.holdings();
    if (holdings != null) {
      connection.heldAs(holdings.begin(pool.name(), label, work));
    }
    return connection;
  }

  /**
   * Destroys a connection that was borrowed here, in place of closing it: for one whose state is in
   * doubt. Does nothing if it was closed.
   *
   * @throws IllegalArgumentException if it was not borrowed from this pool
   */
  public void discard(Connection connection) throws SQLException {
    if (!(connection instanceof LeasedConnection leased) || leased.pool() != pool) {
      throw new IllegalArgumentException(
          "%s was not borrowed from pool %s".formatted(connection, pool.name()));
    }
    leased.condemn();
    leased.close();
  }

  /** Gives the lease back. Closing twice does no harm. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      registry.release(pool);
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("user and password belong to the Database");
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException("timeouts belong to the PoolSettings");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException("logs go to slf4j");
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("logs go to slf4j");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new SQLException("a lease is no " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }

  @Override
  public String toString() {
    return "lease on pool " + pool.name();
  }
}
