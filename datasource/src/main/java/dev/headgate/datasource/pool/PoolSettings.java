package dev.headgate.datasource.pool;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a pool is set: how many connections, how long a borrower waits, how long connections live.
 *
 * <p>Immutable. A value that HikariCP would silently correct is refused here.
 *
 * <p>Connect and socket timeout are set in the drivers of PostgreSQL, MySQL and MariaDB, unless the
 * URL or a driver property of the {@link Database} has one of its own. Other drivers go by their
 * own rules.
 *
 * @param maximumSize the most connections that the pool has open; 10 by default
 * @param waitingPerConnection how many threads may wait for the pool, as a multiple of its maximum
 *     size: whoever comes when as many wait is refused at once, so that one database that is slow
 *     does not keep all threads of an application; 4 by default
 * @param borrowTimeout how long a borrower waits for a connection; 3 seconds by default, at least
 *     250 milliseconds
 * @param connectTimeout how long connecting may take, and each answer while a connection logs in; 2
 *     seconds by default, at least 250 milliseconds. PostgreSQL's driver counts in whole seconds,
 *     rounded up. It may be longer than the borrow timeout: the connection is then there for the
 *     next one
 * @param socketTimeout how long a connection waits for an answer of its server before it is given
 *     up; 5 minutes by default, at least 1 second. A statement that takes longer fails, and is not
 *     ended on the server by that
 * @param idleTimeout how long a connection may lie idle before it is closed; 1 minute by default,
 *     at least 10 seconds
 * @param maximumLifetime how old a connection may become before it is replaced, when it is not in
 *     use; 30 minutes by default, at least 30 seconds, and more than a second above the idle
 *     timeout
 * @param reset when what SQL has left in a session is cleared away; before a connection is given to
 *     another tenant by default
 */
public record PoolSettings(
    int maximumSize,
    int waitingPerConnection,
    Duration borrowTimeout,
    Duration connectTimeout,
    Duration socketTimeout,
    Duration idleTimeout,
    Duration maximumLifetime,
    Reset reset) {

  private static final Duration LEAST_BORROW_TIMEOUT = Duration.ofMillis(250);
  private static final Duration LEAST_CONNECT_TIMEOUT = Duration.ofMillis(250);
  private static final Duration LEAST_SOCKET_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration LEAST_IDLE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LEAST_LIFETIME = Duration.ofSeconds(30);

  /** The least that HikariCP allows. */
  private static final Duration LEAST_VALIDATION_TIMEOUT = Duration.ofMillis(250);

  private static final Duration GREATEST = Duration.ofMillis(Integer.MAX_VALUE);

  private static final PoolSettings DEFAULTS =
      new PoolSettings(
          10,
          4,
          Duration.ofSeconds(3),
          Duration.ofSeconds(2),
          Duration.ofMinutes(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(30),
          Reset.TENANT);

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
    if (waitingPerConnection < 0) {
      throw new IllegalArgumentException(
          "waiting per connection %d: it can't be negative".formatted(waitingPerConnection));
    }
    atLeast("borrow timeout", borrowTimeout, LEAST_BORROW_TIMEOUT);
    atLeast("connect timeout", connectTimeout, LEAST_CONNECT_TIMEOUT);
    atLeast("socket timeout", socketTimeout, LEAST_SOCKET_TIMEOUT);
    atLeast("idle timeout", idleTimeout, LEAST_IDLE_TIMEOUT);
    atLeast("maximum lifetime", maximumLifetime, LEAST_LIFETIME);
    if (maximumLifetime.compareTo(idleTimeout.plusSeconds(1)) <= 0) {
      throw new IllegalArgumentException(
          "idle timeout %s: it has to end more than a second before the maximum lifetime %s"
              .formatted(idleTimeout, maximumLifetime));
    }
    Objects.requireNonNull(reset, "reset");
  }

  private static void atLeast(String name, Duration value, Duration least) {
    Objects.requireNonNull(value, name);
    if (value.compareTo(least) < 0 || value.compareTo(GREATEST) > 0) {
      throw new IllegalArgumentException(
          "%s %s: it has to be between %s and %s".formatted(name, value, least, GREATEST));
    }
  }

  /**
   * Returns how long is waited for the sign of life of a connection that was idle: so long that a
   * borrower who hears of a dead one can still take another.
   */
  Duration validationTimeout() {
    Duration quarter = borrowTimeout.dividedBy(4);
    return quarter.compareTo(LEAST_VALIDATION_TIMEOUT) < 0 ? LEAST_VALIDATION_TIMEOUT : quarter;
  }

  /** Returns the settings that hold where nothing else is said. */
  public static PoolSettings defaults() {
    return DEFAULTS;
  }

  /**
   * Returns these settings with others in place of some, as texts of a configuration file have
   * them.
   *
   * @param texts values by name: {@code maximum-size}, {@code waiting-per-connection}, {@code
   *     borrow-timeout}, {@code connect-timeout}, {@code socket-timeout}, {@code idle-timeout},
   *     {@code maximum-lifetime}, with durations as in ISO 8601, such as {@code PT3S}, and {@code
   *     reset}, which is {@code tenant}, {@code always} or {@code schema}
   * @throws IllegalArgumentException if a name is unknown or a value malformed or out of its bounds
   */
  public PoolSettings with(Map<String, String> texts) {
    int size = maximumSize;
    int waiting = waitingPerConnection;
    Duration borrow = borrowTimeout;
    Duration connect = connectTimeout;
    Duration socket = socketTimeout;
    Duration idle = idleTimeout;
    Duration lifetime = maximumLifetime;
    Reset when = reset;
    for (Map.Entry<String, String> entry : texts.entrySet()) {
      String name = entry.getKey();
      String text = entry.getValue();
      switch (name) {
        case "maximum-size" -> size = number(name, text);
        case "waiting-per-connection" -> waiting = number(name, text);
        case "borrow-timeout" -> borrow = duration(name, text);
        case "connect-timeout" -> connect = duration(name, text);
        case "socket-timeout" -> socket = duration(name, text);
        case "idle-timeout" -> idle = duration(name, text);
        case "maximum-lifetime" -> lifetime = duration(name, text);
        case "reset" -> when = reset(text);
        default ->
            throw new IllegalArgumentException(
                "there is no pool setting %s: there are maximum-size, waiting-per-connection, borrow-timeout, connect-timeout, socket-timeout, idle-timeout, maximum-lifetime and reset"
                    .formatted(name));
      }
    }
    return new PoolSettings(size, waiting, borrow, connect, socket, idle, lifetime, when);
  }

  private static int number(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("%s %s: not a whole number".formatted(name, text), e);
    }
  }

  private static Reset reset(String text) {
    for (Reset each : Reset.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "reset %s: it has to be tenant, always or schema".formatted(text));
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
    return new PoolSettings(
        size,
        waitingPerConnection,
        borrowTimeout,
        connectTimeout,
        socketTimeout,
        idleTimeout,
        maximumLifetime,
        reset);
  }

  /** Returns how many threads may wait for the pool at once. */
  public int maximumWaiting() {
    return (int) Math.min(Integer.MAX_VALUE, (long) maximumSize * waitingPerConnection);
  }

  /** Returns these settings with another number of threads that may wait. */
  public PoolSettings withWaitingPerConnection(int waiting) {
    return new PoolSettings(
        maximumSize,
        waiting,
        borrowTimeout,
        connectTimeout,
        socketTimeout,
        idleTimeout,
        maximumLifetime,
        reset);
  }

  /** Returns these settings with another borrow timeout. */
  public PoolSettings withBorrowTimeout(Duration timeout) {
    return new PoolSettings(
        maximumSize,
        waitingPerConnection,
        timeout,
        connectTimeout,
        socketTimeout,
        idleTimeout,
        maximumLifetime,
        reset);
  }

  /** Returns these settings with another connect timeout. */
  public PoolSettings withConnectTimeout(Duration timeout) {
    return new PoolSettings(
        maximumSize,
        waitingPerConnection,
        borrowTimeout,
        timeout,
        socketTimeout,
        idleTimeout,
        maximumLifetime,
        reset);
  }

  /** Returns these settings with another socket timeout. */
  public PoolSettings withSocketTimeout(Duration timeout) {
    return new PoolSettings(
        maximumSize,
        waitingPerConnection,
        borrowTimeout,
        connectTimeout,
        timeout,
        idleTimeout,
        maximumLifetime,
        reset);
  }

  /** Returns these settings with another idle timeout. */
  public PoolSettings withIdleTimeout(Duration timeout) {
    return new PoolSettings(
        maximumSize,
        waitingPerConnection,
        borrowTimeout,
        connectTimeout,
        socketTimeout,
        timeout,
        maximumLifetime,
        reset);
  }

  /** Returns these settings with another maximum lifetime. */
  public PoolSettings withMaximumLifetime(Duration lifetime) {
    return new PoolSettings(
        maximumSize,
        waitingPerConnection,
        borrowTimeout,
        connectTimeout,
        socketTimeout,
        idleTimeout,
        lifetime,
        reset);
  }

  /** Returns these settings with another time to clear sessions. */
  public PoolSettings withReset(Reset when) {
    return new PoolSettings(
        maximumSize,
        waitingPerConnection,
        borrowTimeout,
        connectTimeout,
        socketTimeout,
        idleTimeout,
        maximumLifetime,
        when);
  }

  // Written out: the JDK would remember the class, and so keep an application that has gone, until
  // it makes the methods of another record (JDK 17: a type that a method handle was last cast to).

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof PoolSettings that
            && maximumSize == that.maximumSize
            && waitingPerConnection == that.waitingPerConnection
            && borrowTimeout.equals(that.borrowTimeout)
            && connectTimeout.equals(that.connectTimeout)
            && socketTimeout.equals(that.socketTimeout)
            && idleTimeout.equals(that.idleTimeout)
            && maximumLifetime.equals(that.maximumLifetime)
            && reset == that.reset);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        maximumSize,
        waitingPerConnection,
        borrowTimeout,
        connectTimeout,
        socketTimeout,
        idleTimeout,
        maximumLifetime,
        reset);
  }
}
