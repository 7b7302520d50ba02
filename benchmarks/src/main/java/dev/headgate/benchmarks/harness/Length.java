package dev.headgate.benchmarks.harness;

import java.time.Duration;
import java.util.Properties;

/**
 * How long to measure, and how much.
 *
 * @param pairs how often the two sides of a comparison are measured
 * @param warmUpPairs how often they run before that
 * @param run how long each side runs each time
 * @param pools how many pools are made, of which many are wanted
 * @param databases how many databases there are, of which many are wanted
 * @param load how long one side runs that is compared with none
 * @param quiet how long nothing happens before what is left is looked at
 */
public record Length(
    int pairs,
    int warmUpPairs,
    Duration run,
    int pools,
    int databases,
    Duration load,
    Duration quiet) {

  /** Checks the values. */
  public Length {
    if (pairs < 1 || warmUpPairs < 0 || run.isNegative() || run.isZero()) {
      throw new IllegalArgumentException(
          "pairs %d, warmUpPairs %d, run %s: at least one pair is needed, and time to run"
              .formatted(pairs, warmUpPairs, run));
    }
    if (pools < 1 || databases < 1 || load.isNegative() || load.isZero() || quiet.isNegative()) {
      throw new IllegalArgumentException(
          "pools %d, databases %d, load %s, quiet %s: at least one is needed, and time for a load"
              .formatted(pools, databases, load, quiet));
    }
  }

  /**
   * Returns what system properties say: {@code pairs}, 70 if not given, {@code warmUpPairs}, 60,
   * and {@code run} as in ISO 8601, {@code PT0.5S}; {@code pools}, 10000, {@code databases}, 200,
   * {@code load}, {@code PT60S}, and {@code quiet}, {@code PT10S}.
   */
  public static Length of(Properties properties) {
    return new Length(
        Integer.parseInt(properties.getProperty("pairs", "70")),
        Integer.parseInt(properties.getProperty("warmUpPairs", "60")),
        Duration.parse(properties.getProperty("run", "PT0.5S")),
        Integer.parseInt(properties.getProperty("pools", "10000")),
        Integer.parseInt(properties.getProperty("databases", "200")),
        Duration.parse(properties.getProperty("load", "PT60S")),
        Duration.parse(properties.getProperty("quiet", "PT10S")));
  }
}
