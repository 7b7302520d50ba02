package dev.headgate.datasource.pool;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * How far apart the probes of a failure gate are, in nanoseconds.
 *
 * @param longest between a probe that fails and the next one
 * @param random returns numbers from 0 to below 1, so that not all that wait come at once
 */
record Intervals(long longest, DoubleSupplier random) {

  /** Between the first probe that fails and the second. */
  static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(250);

  /** Returns the one after another; 0 stands for the first probe, which is made at once. */
  long after(long interval) {
    return Math.min(longest, Math.max(SHORTEST, 2 * interval));
  }

  /** Returns between three and five quarters of it. */
  long jittered(long interval) {
    return (long) (interval * (0.75 + random.getAsDouble() / 2));
  }

  /** Returns up to one more interval, by which who is turned away comes back later than others. */
  long spread(long interval) {
    return (long) (Math.max(interval, SHORTEST) * random.getAsDouble());
  }
}
