package dev.headgate.datasource.pool;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where databases may be, and with which driver properties, if who says so is not to be trusted
 * with all that drivers can do: there are properties that read files, load classes or run SQL, and
 * hosts to which no password should go. What is not named here is refused.
 *
 * <pre>{@code
 * AllowedDatabases.under("jdbc:postgresql://db.example.com/").withProperties("sslmode")
 * }</pre>
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class AllowedDatabases {

  private static final Pattern PREFIX = Pattern.compile("jdbc:[a-z0-9]+:(.*[/:;])?");

  /** What may follow a prefix: names that lead nowhere else, and then parameters. */
  private static final Pattern REST =
      Pattern.compile("([\\w-][\\w.-]*(?:/[\\w-][\\w.-]*)*)?(?:[?;](.*))?");

  private static final Pattern SHOWN = Pattern.compile("[\\w.-]{1,60}");

  private final List<String> prefixes;
  private final Set<String> properties;

  private AllowedDatabases(List<String> prefixes, Set<String> properties) {
    this.prefixes = prefixes;
    this.properties = properties;
  }

  /**
   * Returns what allows databases whose URL is one of these prefixes and a name behind it, with
   * neither parameters nor driver properties.
   *
   * @param prefixes each ends where the name begins, with host and port in it, if the URL has them:
   *     {@code jdbc:postgresql://db.example.com:5432/}, {@code jdbc:h2:mem:}, {@code
   *     jdbc:sqlserver://db.example.com;}
   * @throws IllegalArgumentException if there is none, or one ends elsewhere, so that it would be
   *     the beginning of other hosts, too
   */
  public static AllowedDatabases under(String... prefixes) {
    if (prefixes.length == 0) {
      throw new IllegalArgumentException("there is no prefix: each database would be refused");
    }
    for (String prefix : prefixes) {
      requireComplete(prefix);
    }
    return new AllowedDatabases(List.of(prefixes), Set.of());
  }

  private static void requireComplete(String prefix) {
    int host = prefix.indexOf("//");
    boolean complete =
        prefix.endsWith(";") || host < 0 || prefix.indexOf('/', host + "//".length()) >= 0;
    if (!PREFIX.matcher(prefix).matches() || !complete) {
      throw new IllegalArgumentException(
          "\"%s\": a prefix ends where the name of the database begins, as jdbc:postgresql://db.example.com/ or jdbc:h2:mem:"
              .formatted(prefix));
    }
  }

  /**
   * Returns what allows these driver properties as well, in the URL and apart from it, whatever
   * their values. Capital letters don't matter. User and password need not be named.
   */
  public AllowedDatabases withProperties(String... names) {
    return new AllowedDatabases(
        prefixes,
        Arrays.stream(names)
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * Returns the database.
   *
   * @throws IllegalArgumentException if it is not allowed; the message says why, and has no value
   *     of a property
   */
  public Database require(Database database) {
    String url = database.url();
    String prefix =
        prefixes.stream()
            .filter(url::startsWith)
            .findFirst()
            .orElseThrow(() -> refused(database, "its URL begins with none of the allowed ones"));
    String rest = url.substring(prefix.length());
    Matcher matcher = REST.matcher(prefix.endsWith(";") ? ";" + rest : rest);
    if (!matcher.matches()) {
      throw refused(database, "there is more than a name where the name belongs");
    }
    if (matcher.group(2) != null) {
      // Each driver separates parameters in its own way: here all of these do.
      for (String parameter : matcher.group(2).split("[?&;]", -1)) {
        if (!parameter.trim().isEmpty()) {
          requireAllowed(database, parameter.split("=", 2)[0].trim());
        }
      }
    }
    database.propertyNames().forEach(name -> requireAllowed(database, name));
    return database;
  }

  private void requireAllowed(Database database, String property) {
    if (!properties.contains(property.toLowerCase(Locale.ROOT))) {
      throw refused(
          database,
          SHOWN.matcher(property).matches()
              ? "the driver property %s is none of the allowed ones".formatted(property)
              : "a driver property is none of the allowed ones");
    }
  }

  private static IllegalArgumentException refused(Database database, String why) {
    return new IllegalArgumentException("%s is not allowed: %s".formatted(database.address(), why));
  }

  @Override
  public String toString() {
    return "under %s with properties %s".formatted(prefixes, properties);
  }
}
