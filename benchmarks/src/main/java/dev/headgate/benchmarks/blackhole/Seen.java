package dev.headgate.benchmarks.blackhole;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.Predicate;

/**
 * One request.
 *
 * @param end when it was over, in nanoseconds of the system's clock
 * @param nanos how long it took
 * @param status of the answer, or 0 if there was none
 */
record Seen(long end, long nanos, int status) {

  static final int OK = 200;
  static final int UNAVAILABLE = 503;

  boolean isIn(Phase phase) {
    return end - phase.begin() >= 0 && end - phase.end() < 0;
  }

  boolean isGood() {
    return status == OK;
  }

  /** Returns how many of these there were in a second. */
  static double perSecond(Collection<Seen> all, Phase phase, Predicate<Seen> which) {
    long count = all.stream().filter(seen -> seen.isIn(phase)).filter(which).count();
    return count * 1e9 / (phase.end() - phase.begin());
  }

  /** Returns within how many milliseconds 99 of 100 of these were over; NaN if there was none. */
  static double p99Millis(Collection<Seen> all, Phase phase, Predicate<Seen> which) {
    long[] sorted =
        all.stream()
            .filter(seen -> seen.isIn(phase))
            .filter(which)
            .mapToLong(Seen::nanos)
            .sorted()
            .toArray();
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.ceil(0.99 * sorted.length) - 1]
            / (double) Duration.ofMillis(1).toNanos();
  }

  /** Returns the end of the last of these; the given time if there was none. */
  static long lastEnd(Collection<Seen> all, Phase phase, Predicate<Seen> which) {
    return phase.begin()
        + Arrays.stream(
                all.stream()
                    .filter(seen -> seen.isIn(phase))
                    .filter(which)
                    .mapToLong(seen -> seen.end() - phase.begin())
                    .toArray())
            .max()
            .orElse(0);
  }
}
