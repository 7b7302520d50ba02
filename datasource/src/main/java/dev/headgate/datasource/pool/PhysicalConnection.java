package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A driver's connection as HikariCP sees it, and what is known of it from one borrower to the next.
 *
 * <p>HikariCP takes a connection back into the pool even if the rollback or the last clean-up of
 * {@code close()} failed, unless the exception says that the connection is broken. So this is what
 * such a failure says here: a connection that could not be cleaned is destroyed, never reused.
 */
final class PhysicalConnection extends ForwardingConnection {

  /** SQLSTATE of a connection that has failed; HikariCP evicts on every class 08. */
  private static final String CONNECTION_FAILURE = "08006";

  private final Whereabouts whereabouts;

  PhysicalConnection(Connection delegate, @Nullable Dialect dialect) throws SQLException {
    super(delegate);
    this.whereabouts = new Whereabouts(delegate, dialect);
  }

  /** Returns the one below a connection that was borrowed from HikariCP. */
  static PhysicalConnection below(Connection pooled) throws SQLException {
    return pooled.unwrap(PhysicalConnection.class);
  }

  Whereabouts whereabouts() {
    return whereabouts;
  }

  @Override
  public void rollback() throws SQLException {
    if (delegate.getAutoCommit()) {
      // A mistake of the application, which the driver refuses.
      delegate.rollback();
      return;
    }
    try {
      delegate.rollback();
    } catch (SQLException | RuntimeException | Error e) {
      throw unclean("rollback", e);
    }
  }

  @Override
  public void clearWarnings() throws SQLException {
    try {
      delegate.clearWarnings();
    } catch (SQLException | RuntimeException | Error e) {
      throw unclean("clearing the warnings", e);
    }
  }

  private static SQLException unclean(String what, Throwable cause) {
    return new SQLException(
        what + " failed, the connection is not used again: " + cause, CONNECTION_FAILURE, cause);
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    whereabouts.doubt();
    return type.isInstance(delegate) ? type.cast(delegate) : delegate.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return type.isInstance(delegate) || delegate.isWrapperFor(type);
  }

  @Override
  public String toString() {
    return delegate.toString();
  }
}
