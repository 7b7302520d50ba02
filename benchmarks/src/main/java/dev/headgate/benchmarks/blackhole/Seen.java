package dev.headgate.benchmarks.blackhole;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.function.Predicate;
import java.util.stream.Stream;

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

  /** Returns how many that took longer than this were there at once, at most, beyond that time. */
  static int mostAtOnce(Collection<Seen> all, Phase phase, long nanos) {
    // Ends before beginnings of the same time: they sort as -1 and 1.
    long[][] changes =
        all.stream()
            .filter(seen -> seen.isIn(phase) && seen.nanos() > nanos)
            .flatMap(
                seen ->
                    Stream.of(
                        new long[] {seen.end() - seen.nanos() + nanos - phase.begin(), 1},
                        new long[] {seen.end() - phase.begin(), -1}))
            .sorted(
                Comparator.<long[]>comparingLong(change -> change[0])
                    .thenComparingLong(change -> change[1]))
            .toArray(long[][]::new);
    int count = 0;
    int most = 0;
    for (long[] change : changes) {
      count += (int) change[1];
      most = Math.max(most, count);
    }
    return most;
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
