package dev.headgate.datasource.pool;

import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** A thread that waits for a seat. Guarded by the lock of the server. */
final class Waiter {

  final Server server;
  final Seats pool;
  final @Nullable Borrower borrower;

  /** Since when it waits, in nanoseconds of the system's clock. */
  final long since;

  private final boolean probes;
  private final Condition ending;
  private boolean ended;
  private @Nullable Seat seat;

  /**
   * Makes one.
   *
   * @param probes whether it may connect even if others may not
   */
  Waiter(
      Server server,
      Seats pool,
      @Nullable Borrower borrower,
      boolean probes,
      long since,
      Condition ending) {
    this.server = server;
    this.pool = pool;
    this.borrower = borrower;
    this.probes = probes;
    this.since = since;
    this.ending = ending;
  }

  boolean waits() {
    return !ended;
  }

  /** Whether a connection may be opened for it. */
  boolean mayConnect() {
    return probes || pool.mayConnect();
  }

  /** Has it wait no longer: it has a seat, or null if there is none for it. */
  void end(@Nullable Seat granted) {
    seat = granted;
    ended = true;
    ending.signal();
  }

  /**
   * Waits until its end, or a deadline has passed.
   *
   * @return the seat, or null
   */
  @Nullable Seat await(long deadline) throws InterruptedException {
    try {
      long left = deadline - System.nanoTime();
      while (!ended && left > 0) {
        left = ending.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      if (seat == null) {
        throw e;
      }
      Thread.currentThread().interrupt();
    }
    return seat;
  }
}
