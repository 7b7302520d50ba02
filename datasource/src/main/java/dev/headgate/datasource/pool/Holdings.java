package dev.headgate.datasource.pool;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that are held now, where someone wants to hear of those held for long. Safe for
 * use by many threads.
 */
final class Holdings {

  private static final Logger log = LoggerFactory.getLogger(Holdings.class);

  private static final long MILLIS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LEAST_PERIOD = 50 * MILLIS;
  private static final long LONGEST_PERIOD = 10_000 * MILLIS;

  private final long thresholdNanos;
  private final LongSupplier nanoClock;
  private final Set<Holding> held = ConcurrentHashMap.newKeySet();

  Holdings(Duration threshold, LongSupplier nanoClock) {
    this.thresholdNanos = threshold.toNanos();
    this.nanoClock = nanoClock;
  }

  /** Returns how many nanoseconds lie between two reports. */
  long period() {
    return Math.min(LONGEST_PERIOD, Math.max(LEAST_PERIOD, thresholdNanos / 4));
  }

  /** Remembers that a connection was taken here, by this thread. */
  Holding begin(String pool, @Nullable String label, @Nullable Supplier<String> work) {
    Holding holding =
        new Holding(this, pool, label, work == null ? null : said(work), nanoClock.getAsLong());
    held.add(holding);
    return holding;
  }

  /** Whoever can't say what the work is must not lose the connection for it. */
  private static @Nullable String said(Supplier<String> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error e) {
      log.debug("What a connection was taken for could not be said", e);
      return null;
    }
  }

  void end(Holding holding) {
    held.remove(holding);
    if (holding.isReported()) {
      log.info(
          "{}: the connection of {} is back, after {} s",
          holding.pool(),
          holding,
          seconds(nanoClock.getAsLong() - holding.since()));
    }
  }

  /** Reports each that is held too long by now, once. */
  void report() {
    long now = nanoClock.getAsLong();
    for (Holding holding : held) {
      if (isOverdue(holding, now) && !holding.isReported()) {
        holding.reported();
        log.warn(
            "{}: a connection is held for {} s by now, of {}; this is where it was taken",
            holding.pool(),
            seconds(now - holding.since()),
            holding,
            holding.taken());
      }
    }
  }

  /** As {@link #report()}, which a scheduler would never run again after a failure. */
  void reportAgain() {
    try {
      report();
    } catch (RuntimeException | Error e) {
      log.error("Looking for connections that are held for long failed, and is tried again", e);
    }
  }

  /** Returns those that are held too long by now, the longest first. */
  List<HeldConnection> overdue(long now) {
    return held.stream()
        .filter(holding -> isOverdue(holding, now))
        .map(holding -> holding.at(now))
        .sorted(Comparator.comparing(HeldConnection::held).reversed())
        .toList();
  }

  private boolean isOverdue(Holding holding, long now) {
    return now - holding.since() >= thresholdNanos;
  }

  private static String seconds(long nanos) {
    long tenths = nanos / (100 * MILLIS);
    return tenths / 10 + "." + tenths % 10;
  }
}
