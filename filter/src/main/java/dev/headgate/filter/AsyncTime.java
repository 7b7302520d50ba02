package dev.headgate.filter;

import java.time.Duration;

/** How long a request may be asynchronous, from its first start on. */
final class AsyncTime {

  private final Duration limit;
  private long deadline;
  private boolean started;

  AsyncTime(Duration limit) {
    this.limit = limit;
  }

  /**
   * Begins to count.
   *
   * @throws IllegalStateException if there is no time left
   */
  void requireLeft() {
    if (!started) {
      started = true;
      deadline = System.nanoTime() + limit.toNanos();
    }
    if (left() <= 0) {
      throw new IllegalStateException(
          "the request has been asynchronous for %s, which is the filter's asyncLimit"
              .formatted(limit));
    }
  }

  /** Returns a timeout in milliseconds that ends within the limit; 0 and less stand for none. */
  long bounded(long timeout) {
    long left = Math.max(1, left());
    return timeout <= 0 ? left : Math.min(timeout, left);
  }

  private long left() {
    return Duration.ofNanos(deadline - System.nanoTime()).toMillis();
  }
}
