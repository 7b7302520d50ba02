package dev.headgate.datasource.pool;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Objects;

/**
 * How a pool is set: how many connections, how long a borrower waits, how long connections live.
 *
 * <p>Immutable. A value that HikariCP would silently correct is refused here.
 *
 * @param maximumSize the most connections that the pool has open; 10 by default
 * @param borrowTimeout how long a borrower waits for a connection; 3 seconds by default, at least
 *     250 milliseconds
 * @param idleTimeout how long a connection may lie idle before it is closed; 1 minute by default,
 *     at least 10 seconds
 * @param maximumLifetime how old a connection may become before it is replaced, when it is not in
 *     use; 30 minutes by default, at least 30 seconds, and more than a second above the idle
 *     timeout
 */
public record PoolSettings(
    int maximumSize, Duration borrowTimeout, Duration idleTimeout, Duration maximumLifetime) {

  private static final Duration LEAST_BORROW_TIMEOUT = Duration.ofMillis(250);
  private static final Duration LEAST_IDLE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LEAST_LIFETIME = Duration.ofSeconds(30);
  private static final Duration GREATEST = Duration.ofMillis(Integer.MAX_VALUE);

  private static final PoolSettings DEFAULTS =
      new PoolSettings(10, Duration.ofSeconds(3), Duration.ofMinutes(1), Duration.ofMinutes(30));

  /**
   * Makes settings of these values.
   *
   * @throws IllegalArgumentException if a value is out of its bounds
   */
  public PoolSettings {
    if (maximumSize < 1) {
      throw new IllegalArgumentException(
          "maximum size %d: a pool needs at least one connection".formatted(maximumSize));
    }
    atLeast("borrow timeout", borrowTimeout, LEAST_BORROW_TIMEOUT);
    atLeast("idle timeout", idleTimeout, LEAST_IDLE_TIMEOUT);
    atLeast("maximum lifetime", maximumLifetime, LEAST_LIFETIME);
    if (maximumLifetime.compareTo(idleTimeout.plusSeconds(1)) <= 0) {
      throw new IllegalArgumentException(
          "idle timeout %s: it has to end more than a second before the maximum lifetime %s"
              .formatted(idleTimeout, maximumLifetime));
    }
  }

  private static void atLeast(String name, Duration value, Duration least) {
    Objects.requireNonNull(value, name);
    if (value.compareTo(least) < 0 || value.compareTo(GREATEST) > 0) {
      throw new IllegalArgumentException(
          "%s %s: it has to be between %s and %s".formatted(name, value, least, GREATEST));
    }
  }

  /** Returns the settings that hold where nothing else is said. */
  public static PoolSettings defaults() {
    return DEFAULTS;
  }

  /**
   * Returns these settings with others in place of some, as texts of a configuration file have
   * them.
   *
   * @param texts values by name: {@code maximum-size}, {@code borrow-timeout}, {@code idle-timeout}
   *     and {@code maximum-lifetime}, with durations as in ISO 8601, such as {@code PT3S}
   * @throws IllegalArgumentException if a name is unknown or a value malformed or out of its bounds
   */
  public PoolSettings with(Map<String, String> texts) {
    int size = maximumSize;
    Duration borrow = borrowTimeout;
    Duration idle = idleTimeout;
    Duration lifetime = maximumLifetime;
    for (Map.Entry<String, String> entry : texts.entrySet()) {
      String name = entry.getKey();
      String text = entry.getValue();
      switch (name) {
        case "maximum-size" -> size = number(name, text);
        case "borrow-timeout" -> borrow = duration(name, text);
        case "idle-timeout" -> idle = duration(name, text);
        case "maximum-lifetime" -> lifetime = duration(name, text);
        default ->
            throw new IllegalArgumentException(
                "there is no pool setting %s: there are maximum-size, borrow-timeout, idle-timeout and"
                        .formatted(name)
                    + " maximum-lifetime");
      }
    }
    return new PoolSettings(size, borrow, idle, lifetime);
  }

  private static int number(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("%s %s: not a whole number".formatted(name, text), e);
    }
  }

  private static Duration duration(String name, String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s %s: not a duration as in ISO 8601, such as PT3S".formatted(name, text), e);
    }
  }

  /** Returns these settings with another maximum size. */
  public PoolSettings withMaximumSize(int size) {
    return new PoolSettings(size, borrowTimeout, idleTimeout, maximumLifetime);
  }

  /** Returns these settings with another borrow timeout. */
  public PoolSettings withBorrowTimeout(Duration timeout) {
    return new PoolSettings(maximumSize, timeout, idleTimeout, maximumLifetime);
  }

  /** Returns these settings with another idle timeout. */
  public PoolSettings withIdleTimeout(Duration timeout) {
    return new PoolSettings(maximumSize, borrowTimeout, timeout, maximumLifetime);
  }

  /** Returns these settings with another maximum lifetime. */
  public PoolSettings withMaximumLifetime(Duration lifetime) {
    return new PoolSettings(maximumSize, borrowTimeout, idleTimeout, lifetime);
  }
}
