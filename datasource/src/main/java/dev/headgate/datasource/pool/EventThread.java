package dev.headgate.datasource.pool;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls one listener, whatever that does, on a thread that is there while there are events for it.
 * Safe for use by many threads; whoever tells of an event never waits and never fails.
 */
final class EventThread implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EventThread.class);

  /** How long the end waits for a listener before it interrupts it. */
  private static final int END_SECONDS = 1;

  private final PoolListener listener;
  private final ThreadPoolExecutor executor;
  private final AtomicLong dropped = new AtomicLong();
  private long droppedBefore;
  private long failed;

  /**
   * Makes one.
   *
   * @param idle how long the thread waits for another event before it ends
   */
  EventThread(PoolListener listener, ThreadFactory threads, Duration idle) {
    this.listener = listener;
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            idle.toMillis(),
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(PoolListener.CAPACITY),
            threads,
            (task, full) -> dropped.incrementAndGet());
    executor.allowCoreThreadTimeOut(true);
  }

  void tell(Occurrence occurrence) {
    try {
      executor.execute(() -> call(occurrence));
    } catch (RuntimeException | Error e) {
      // No thread could be started. Whoever makes or closes a pool here has no need of one.
      dropped.incrementAndGet();
    }
  }

  private void call(Occurrence occurrence) {
    try {
      listener.on(occurrence.event());
    } catch (Throwable e) {
      failed++;
      // One that always fails must not fill the log.
      if (Long.bitCount(failed) == 1) {
        log.warn(
            "The pool listener {} has failed {} times by now, and is called further on: {}",
            listener,
            failed,
            occurrence,
            e);
      }
    }
  }

  long dropped() {
    return dropped.get();
  }

  /** Says what was dropped since the last time; for one thread. */
  void reportDropped() {
    long now = dropped.get();
    if (now != droppedBefore) {
      log.warn(
          "The pool listener {} is too slow: {} events were dropped, {} in all",
          listener,
          now - droppedBefore,
          now);
      droppedBefore = now;
    }
  }

  /** Ends when the listener has heard all, or at once if it blocks. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      executor.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    dropped.addAndGet(executor.shutdownNow().size());
    reportDropped();
  }
}
