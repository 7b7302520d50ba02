package dev.headgate.benchmarks.blackhole;

import java.time.Duration;

/**
 * A time in which everything stays as it is.
 *
 * @param begin in nanoseconds of the system's clock, as is the end
 * @param mostInside how many of the sick tenant's requests the server had at once
 */
record Phase(long begin, long end, int mostInside) {

  /** Returns what is left of it, without its beginning. */
  Phase after(Duration beginning) {
    return new Phase(Math.min(end, begin + beginning.toNanos()), end, mostInside);
  }

  /** Returns this phase and the one that follows it. */
  Phase and(Phase next) {
    return new Phase(begin, next.end, Math.max(mostInside, next.mostInside));
  }
}
