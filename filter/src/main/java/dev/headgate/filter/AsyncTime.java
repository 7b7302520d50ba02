package dev.headgate.filter;

import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** How long a request may be asynchronous, from its first start on. */
final class AsyncTime {

  private final AsyncLimit limit;
  private final Runnable end;
  private long deadline;
  private volatile @Nullable Future<?> call;

  /**
   * Counts for a request.
   *
   * @param end is called if the request goes on beyond its time
   */
  AsyncTime(AsyncLimit limit, Runnable end) {
    this.limit = limit;
    this.end = end;
  }

  /**
   * Begins to count, if that is the first start.
   *
   * @throws IllegalStateException if there is no time left
   */
  void start() {
    if (call == null) {
      deadline = System.nanoTime() + limit.duration().toNanos();
      call = limit.whenOver(end);
    }
    if (left() <= 0) {
      throw new IllegalStateException(
          "the request has been asynchronous for %s, which is the filter's asyncLimit"
              .formatted(limit.duration()));
    }
  }

  /** Has the end called for again, a little later. */
  void extend() {
    call = limit.again(end);
  }

  /** The request has ended. */
  void stop() {
    Future<?> last = call;
    if (last != null) {
      last.cancel(false);
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
