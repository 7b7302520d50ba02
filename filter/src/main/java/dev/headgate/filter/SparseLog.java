package dev.headgate.filter;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Tells of requests that can't be served, which anyone can send: with the stack trace of one in a
 * second, so that nobody can fill a disk with them. Of the others there is a line each at debug.
 * Safe for use by many threads.
 */
final class SparseLog {

  private static final long PACE = TimeUnit.SECONDS.toNanos(1);

  private final Logger log;
  private final LongSupplier nanoClock;
  private final AtomicLong next;
  private final AtomicLong left = new AtomicLong();

  SparseLog(Logger log, LongSupplier nanoClock) {
    this.log = log;
    this.nanoClock = nanoClock;
    this.next = new AtomicLong(nanoClock.getAsLong());
  }

  void warn(Throwable failure) {
    long now = nanoClock.getAsLong();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + PACE)) {
      long others = left.getAndSet(0);
      log.warn(
          "The request can't be served{}",
          others == 0 ? "" : ", nor could " + others + " before it",
          failure);
    } else {
      left.incrementAndGet();
      if (log.isDebugEnabled()) {
        log.debug("The request can't be served: {}", OneLine.of(failure.toString()));
      }
    }
  }
}
