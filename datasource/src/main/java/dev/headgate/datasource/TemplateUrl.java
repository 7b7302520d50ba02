package dev.headgate.datasource;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the tenant's name may stand in the URL of a template: where URLs have names. It means
 * nothing there, while elsewhere it could be a port, a driver, a class, a file, or SQL.
 */
final class TemplateUrl {

  /** The parameters whose values are names of databases, schemas and users. */
  private static final Set<String> NAMES =
      Set.of("database", "databasename", "currentschema", "schema", "user", "username", "host");

  /** Up to its place, one of these parameters. */
  private static final Pattern PARAMETER = Pattern.compile("([^=]*)=[^=?;&,()]*");

  /** What has drivers read a separator among the parameters as a part of a value. */
  private static final Pattern QUOTE = Pattern.compile("[?;(=].*[\\\\{}]");

  /** What follows a part that says what follows it, as {@code mem:} does in H2's URLs. */
  private static final Pattern KIND = Pattern.compile("[^@/?;]*:.*");

  private static final Pattern DRIVER = Pattern.compile("jdbc:[^:{]+:.*");

  private TemplateUrl() {}

  /**
   * Checks a URL.
   *
   * @throws IllegalArgumentException if the name would stand elsewhere; the message has nothing of
   *     the URL
   */
  static void requireNames(String url) {
    int at = url.indexOf(TemplateDirectory.PLACE);
    while (at >= 0) {
      int end = at + TemplateDirectory.PLACE.length();
      require(url.substring(0, at), url.substring(end));
      at = url.indexOf(TemplateDirectory.PLACE, end);
    }
  }

  private static void require(String before, String after) {
    if (!DRIVER.matcher(before).matches()) {
      throw refused();
    }
    List<String> parameters = parameters(before);
    if (!parameters.isEmpty()) {
      if (!parameters.stream().allMatch(TemplateUrl::isName)
          || QUOTE.matcher(before.replace(TemplateDirectory.PLACE, "")).find()) {
        throw refused();
      }
      return;
    }
    int host = before.indexOf("//");
    int at = before.lastIndexOf('@');
    if (host >= 0
        ? isNumber(before.substring(host + 2))
        : at >= 0 ? isPort(before.substring(at + 1)) : KIND.matcher(after).matches()) {
      throw refused();
    }
  }

  /**
   * Returns the last parameter of a text, up to its end, in each way in which a driver could read
   * it; empty if it has none yet. What separates parameters for one is a part of a value, and so
   * perhaps SQL, for another.
   */
  private static List<String> parameters(String before) {
    List<String> readings = new ArrayList<>();
    int query = before.indexOf('?');
    if (query >= 0) {
      readings.add(before.substring(Math.max(query, before.lastIndexOf('&')) + 1));
    }
    int semicolon = before.lastIndexOf(';');
    if (semicolon >= 0) {
      readings.add(before.substring(semicolon + 1));
    }
    int open = before.lastIndexOf('(');
    if (open > before.lastIndexOf(')')) {
      readings.add(before.substring(Math.max(open, before.lastIndexOf(',')) + 1));
    }
    int equals = before.indexOf('=');
    if (readings.isEmpty() && equals >= 0) {
      // jdbc:db2://host/name:user=
      readings.add(before.substring(before.lastIndexOf(':', equals) + 1));
    }
    return readings;
  }

  private static boolean isName(String parameter) {
    Matcher matcher = PARAMETER.matcher(parameter);
    return matcher.matches() && NAMES.contains(matcher.group(1).trim().toLowerCase(Locale.ROOT));
  }

  /** Returns whether it is behind the one colon of {@code jdbc:oracle:thin:@host:port:name}. */
  private static boolean isPort(String host) {
    int colon = host.indexOf(':');
    return colon >= 0 && colon == host.lastIndexOf(':') && host.indexOf('/') < 0;
  }

  /**
   * Returns whether it is behind the colon of a host, where a port is, or a password; or in an
   * address in brackets.
   */
  private static boolean isNumber(String hosts) {
    String host = hosts.substring(hosts.lastIndexOf(',') + 1);
    return hosts.indexOf('/') < 0 && (host.indexOf(':') >= 0 || host.indexOf('[') >= 0);
  }

  private static IllegalArgumentException refused() {
    return new IllegalArgumentException(
        "{tenant} stands where the URL has no name: it may be in the host, the name of the database, and the parameters "
            + String.join(", ", new TreeSet<>(NAMES)));
  }
}
