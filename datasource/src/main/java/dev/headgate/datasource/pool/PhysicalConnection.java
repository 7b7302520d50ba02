package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A driver's connection as HikariCP sees it, and what is known of it from one borrower to the next.
 *
 * <p>HikariCP takes a connection back into the pool even if the rollback or the last clean-up of
 * {@code close()} failed, unless the exception says that the connection is broken. So this is what
 * such a failure says here: a connection that could not be cleaned is destroyed, never reused.
 */
final class PhysicalConnection extends ForwardingConnection {

  private static final Logger log = LoggerFactory.getLogger(PhysicalConnection.class);

  /** SQLSTATE of a connection that has failed; HikariCP evicts on every class 08. */
  private static final String CONNECTION_FAILURE = "08006";

  /** In place of an owner, for a connection that is closed to make room for another. */
  private static final Object DISPLACED = new Object();

  /** In place of an owner, for a connection that HikariCP has closed, or is closing. */
  private static final Object NO_ONE = new Object();

  /** In place of an owner, for a connection that HikariCP is about to close. */
  private static final Object CONDEMNED = new Object();

  private final Seats seats;
  private final Whereabouts whereabouts;

  /** Who has it; null if it is idle. */
  private final AtomicReference<@Nullable Object> owner = new AtomicReference<>();

  private static final AtomicLongFieldUpdater<PhysicalConnection> LAST_USED =
      AtomicLongFieldUpdater.newUpdater(PhysicalConnection.class, "lastUsed");

  /** When it was opened, in nanoseconds of the system's clock. */
  private final long opened = System.nanoTime();

  /** When it was last fetched from HikariCP, on the registry's clock. */
  private volatile long lastUsed;

  PhysicalConnection(Connection delegate, @Nullable Dialect dialect, Reset reset, Seats seats)
      throws SQLException {
    super(delegate);
    this.seats = seats;
    this.whereabouts = new Whereabouts(delegate, dialect, reset);
  }

  /** Returns the one below a connection that was fetched from HikariCP. */
  static PhysicalConnection below(Connection pooled) throws SQLException {
    return pooled.unwrap(PhysicalConnection.class);
  }

  Whereabouts whereabouts() {
    return whereabouts;
  }

  long opened() {
    return opened;
  }

  long lastUsed() {
    return lastUsed;
  }

  /** It is fetched from HikariCP. Without waiting until other threads see that. */
  void used(long now) {
    LAST_USED.lazySet(this, now);
  }

  boolean isIdle() {
    return owner.get() == null;
  }

  boolean isActive() {
    Object seen = owner.get();
    return seen != null && !isEnding(seen);
  }

  private static boolean isEnding(@Nullable Object seen) {
    return seen == NO_ONE || seen == DISPLACED || seen == CONDEMNED;
  }

  /**
   * Becomes someone's, who has a seat and whom HikariCP gave it; the one before may be about to
   * {@link #leave}.
   *
   * @return false if it is closed
   */
  boolean enter(Object who, long now) {
    used(now);
    Object seen = owner.get();
    while (!isEnding(seen)) {
      if (owner.compareAndSet(seen, who)) {
        if (seen != null) {
          // The one before had it until now, and need not give back the seat any more.
          seats.giveBack();
        }
        return true;
      }
      seen = owner.get();
    }
    return false;
  }

  /**
   * Is idle again, and gives back the seat; HikariCP has it already. If someone else has it since
   * then, the seat was given back for this one; and if it was closed, the seat has gone with it.
   */
  void leave(Object who) {
    if (owner.compareAndSet(who, null)) {
      seats.giveBack();
    }
  }

  /** Is not idle again: HikariCP closes it, sooner or later. */
  void condemn(Object who) {
    owner.compareAndSet(who, CONDEMNED);
  }

  /** Is taken away from HikariCP, if it is idle, to be closed by {@link #closeDisplaced}. */
  boolean tryDisplace() {
    return owner.compareAndSet(null, DISPLACED);
  }

  /** Closes it after {@link #tryDisplace}, so that another connection can take its place. */
  void closeDisplaced() {
    try {
      delegate.close();
    } catch (SQLException | RuntimeException | Error e) {
      log.debug("{}: closing failed", delegate, e);
    } finally {
      seats.displaced(this);
    }
  }

  @Override
  public void close() throws SQLException {
    if (!isEndedNow()) {
      return;
    }
    try {
      delegate.close();
    } finally {
      seats.closed(this);
    }
  }

  void closeQuietly() {
    try {
      close();
    } catch (SQLException | RuntimeException e) {
      log.debug("{}: closing failed", delegate, e);
    }
  }

  /** Closes it now or later, on the executor; its place is free when that is done. */
  @Override
  public void abort(Executor executor) throws SQLException {
    if (!isEndedNow()) {
      return;
    }
    AtomicBoolean handedOn = new AtomicBoolean();
    Runnable closed = new Once(() -> seats.closed(this));
    try {
      delegate.abort(
          command -> {
            executor.execute(
                () -> {
                  try {
                    command.run();
                  } finally {
                    closed.run();
                  }
                });
            handedOn.set(true);
          });
    } finally {
      if (!handedOn.get()) {
        closed.run();
      }
    }
  }

  /** Returns whether it has not been closed before. */
  private boolean isEndedNow() {
    Object last = owner.get();
    while (last != NO_ONE && last != DISPLACED) {
      if (owner.compareAndSet(last, NO_ONE)) {
        if (last == null) {
          seats.idleOneGoes();
        }
        return true;
      }
      last = owner.get();
    }
    return false;
  }

  /** HikariCP sees that it is closed only when it wants to lend it, which is nothing to warn of. */
  private boolean isDisplaced() {
    return owner.get() == DISPLACED;
  }

  @Override
  public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
    if (!isDisplaced()) {
      delegate.setNetworkTimeout(executor, milliseconds);
    }
  }

  @Override
  public boolean isValid(int seconds) throws SQLException {
    if (isDisplaced()) {
      return false;
    }
    long begun = System.nanoTime();
    boolean valid = false;
    try {
      valid = delegate.isValid(seconds);
    } finally {
      if (!valid) {
        seats.notValid(begun);
      }
    }
    return valid;
  }

  @Override
  public void rollback() throws SQLException {
    if (isDisplaced()) {
      return;
    }
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
