package dev.headgate.filter;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * How long the requests of a filter may be asynchronous. Containers end them then; this looks after
 * it, since Tomcat forgets some that fail (those that another thread dispatches while it tells the
 * listeners of the failure). It has one thread, while there are asynchronous requests. Safe for use
 * by many threads.
 */
final class AsyncLimit {

  /** What a container may take for a timeout beyond its time; Tomcat looks once a second. */
  static final Duration GRACE = Duration.ofSeconds(3);

  private static final long IDLE_SECONDS = 10;

  private final Duration limit;
  private final ScheduledThreadPoolExecutor timer;

  AsyncLimit(Duration limit) {
    this.limit = limit;
    timer = new ScheduledThreadPoolExecutor(1, task -> daemon("headgate-async-limit", task));
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  Duration duration() {
    return limit;
  }

  /** Calls for the end of a request that begins to be asynchronous now, if it does not come. */
  Future<?> whenOver(Runnable end) {
    return call(limit.plus(GRACE), end);
  }

  /** Calls a little later again. */
  Future<?> again(Runnable end) {
    return call(GRACE, end);
  }

  /** On a thread of its own, since a database that hangs must not hold up the other requests. */
  private Future<?> call(Duration delay, Runnable end) {
    return timer.schedule(
        () -> daemon("headgate-async-end", end).start(), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Calls no more, and keeps no thread. */
  void close() {
    timer.shutdownNow();
  }
}
