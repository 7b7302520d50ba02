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

  private final Condition served;
  private @Nullable Seat seat;

  Waiter(Server server, Seats pool, @Nullable Borrower borrower, long since, Condition served) {
    this.server = server;
    this.pool = pool;
    this.borrower = borrower;
    this.since = since;
    this.served = served;
  }

  boolean isServed() {
    return seat != null;
  }

  void serve(Seat granted) {
    seat = granted;
    served.signal();
  }

  /**
   * Waits until it is served, or a deadline has passed.
   *
   * @return the seat, or null
   */
  @Nullable Seat await(long deadline) throws InterruptedException {
    try {
      long left = deadline - System.nanoTime();
      while (seat == null && left > 0) {
        left = served.awaitNanos(left);
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
