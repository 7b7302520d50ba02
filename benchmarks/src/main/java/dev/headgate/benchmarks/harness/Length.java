package dev.headgate.benchmarks.harness;

import java.time.Duration;
import java.util.Properties;

/**
 * How long to measure.
 *
 * @param pairs how often the two sides of a comparison are measured
 * @param warmUpPairs how often they run before that
 * @param run how long each side runs each time
 */
public record Length(int pairs, int warmUpPairs, Duration run) {

  /** Checks the values. */
  public Length {
    if (pairs < 1 || warmUpPairs < 0 || run.isNegative() || run.isZero()) {
      throw new IllegalArgumentException(
          "pairs %d, warmUpPairs %d, run %s: at least one pair is needed, and time to run"
              .formatted(pairs, warmUpPairs, run));
    }
  }

  /**
   * Returns what system properties say: {@code pairs}, 70 if not given, {@code warmUpPairs}, 60,
   * and {@code run} as in ISO 8601, {@code PT0.5S}.
   */
  public static Length of(Properties properties) {
    return new Length(
        Integer.parseInt(properties.getProperty("pairs", "70")),
        Integer.parseInt(properties.getProperty("warmUpPairs", "60")),
        Duration.parse(properties.getProperty("run", "PT0.5S")));
  }
}
