package dev.headgate.datasource;

import static dev.headgate.datasource.Texts.keyed;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * How long answers of a {@link TenantDirectory} are remembered, and how many; and how many it is
 * asked for at a time. Immutable.
 *
 * <p>They don't matter for a directory that has its tenants in memory, such as a map or a
 * properties file: that is asked each time.
 *
 * @param maximumTenants how many tenants are remembered, and how many unknown ones besides; 10,000
 *     by default
 * @param foundFor how long a tenant's database is remembered; 1 minute by default
 * @param unknownFor how long it is remembered that there is no such tenant; 10 seconds by default
 * @param staleFor how long after that the last answer is still used if the directory fails; 5
 *     minutes by default, and zero for never
 * @param lookups how many threads ask the directory at a time; 16 by default. As many more wait for
 *     their turn, for up to a quarter of a second. For who comes beyond them the last answer is
 *     used, or there is a {@link DirectoryBusyException}, as there is for who would wait for the
 *     answer to another thread that has been asking for more than a second. So no more than twice
 *     that many threads are held by a directory that hangs
 */
public record DirectorySettings(
    int maximumTenants, Duration foundFor, Duration unknownFor, Duration staleFor, int lookups) {

  private static final Duration GREATEST = Duration.ofDays(365);

  private static final DirectorySettings DEFAULTS =
      new DirectorySettings(
          10_000, Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofMinutes(5), 16);

  /**
   * Makes settings of these values.
   *
   * @throws IllegalArgumentException if a value is out of its bounds: at least one tenant and one
   *     lookup, and durations above zero, or for {@code staleFor} from zero, up to 365 days
   */
  public DirectorySettings {
    if (maximumTenants < 1) {
      throw new IllegalArgumentException(
          "maximum tenants %d: at least one has to be remembered".formatted(maximumTenants));
    }
    bounded("found for", foundFor, Duration.ofNanos(1));
    bounded("unknown for", unknownFor, Duration.ofNanos(1));
    bounded("stale for", staleFor, Duration.ZERO);
    if (lookups < 1) {
      throw new IllegalArgumentException(
          "lookups %d: at least one thread has to ask".formatted(lookups));
    }
  }

  private static void bounded(String name, Duration value, Duration least) {
    Objects.requireNonNull(value, name);
    if (value.compareTo(least) < 0 || value.compareTo(GREATEST) > 0) {
      throw new IllegalArgumentException(
          "%s %s: it has to be between %s and %s".formatted(name, value, least, GREATEST));
    }
  }

  /** Returns the settings that hold where nothing else is said. */
  public static DirectorySettings defaults() {
    return DEFAULTS;
  }

  /**
   * Returns these settings with others in place of some, as texts of a configuration file have
   * them.
   *
   * @param texts values by name: {@code maximum-tenants}, {@code found-for}, {@code unknown-for},
   *     {@code stale-for} and {@code lookups}, with durations as in ISO 8601, such as {@code PT30S}
   * @throws IllegalArgumentException if a name is unknown or a value malformed or out of its bounds
   */
  public DirectorySettings with(Map<String, String> texts) {
    DirectorySettings changed = this;
    for (Map.Entry<String, String> entry : texts.entrySet()) {
      String name = entry.getKey();
      String text = entry.getValue();
      changed =
          switch (name) {
            case "maximum-tenants" ->
                changed.withMaximumTenants(keyed(name, () -> Texts.number(text)));
            case "found-for" -> changed.withFoundFor(keyed(name, () -> Texts.duration(text)));
            case "unknown-for" -> changed.withUnknownFor(keyed(name, () -> Texts.duration(text)));
            case "stale-for" -> changed.withStaleFor(keyed(name, () -> Texts.duration(text)));
            case "lookups" -> changed.withLookups(keyed(name, () -> Texts.number(text)));
            default ->
                throw new IllegalArgumentException(
                    "there is no directory setting %s: there are maximum-tenants, found-for, unknown-for, stale-for and lookups"
                        .formatted(name));
          };
    }
    return changed;
  }

  /** Returns these settings with another number of tenants. */
  public DirectorySettings withMaximumTenants(int tenants) {
    return new DirectorySettings(tenants, foundFor, unknownFor, staleFor, lookups);
  }

  /** Returns these settings with another time for databases. */
  public DirectorySettings withFoundFor(Duration time) {
    return new DirectorySettings(maximumTenants, time, unknownFor, staleFor, lookups);
  }

  /** Returns these settings with another time for unknown tenants. */
  public DirectorySettings withUnknownFor(Duration time) {
    return new DirectorySettings(maximumTenants, foundFor, time, staleFor, lookups);
  }

  /** Returns these settings with another time for a directory that fails. */
  public DirectorySettings withStaleFor(Duration time) {
    return new DirectorySettings(maximumTenants, foundFor, unknownFor, time, lookups);
  }

  /** Returns these settings with another number of threads that ask at a time. */
  public DirectorySettings withLookups(int threads) {
    return new DirectorySettings(maximumTenants, foundFor, unknownFor, staleFor, threads);
  }
}
