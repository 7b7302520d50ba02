package dev.headgate.datasource;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Warns of what anyone's requests can bring about: once a second, so that nobody can fill a disk
 * with it. The rest is logged at debug. Safe for use by many threads.
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

  void warn(String message) {
    long now = nanoClock.getAsLong();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + PACE)) {
      long others = left.getAndSet(0);
      log.warn(others == 0 ? message : message + " (and " + others + " times since the last line)");
    } else {
      left.incrementAndGet();
      log.debug(message);
    }
  }
}
