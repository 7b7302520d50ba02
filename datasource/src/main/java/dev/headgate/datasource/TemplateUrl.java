package dev.headgate.datasource;

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

  private static final Pattern PARAMETERS = Pattern.compile("[?;(=]");
  private static final Pattern LAST_PARAMETER =
      Pattern.compile(".*[?;&:,(/]\\s*([^=]*)=[^=?;&,()]*");
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
    if (PARAMETERS.matcher(before).find()) {
      Matcher parameter = LAST_PARAMETER.matcher(before);
      if (!parameter.matches()
          || !NAMES.contains(parameter.group(1).trim().toLowerCase(Locale.ROOT))) {
        throw refused();
      }
      return;
    }
    int host = before.indexOf("//");
    if (host < 0 ? isKind(before, after) : isPort(before.substring(host + 2))) {
      throw refused();
    }
  }

  /** Returns whether it is a part that says what follows, as {@code mem:} does in H2's URLs. */
  private static boolean isKind(String before, String after) {
    return before.indexOf('@') < 0 && KIND.matcher(after).matches();
  }

  /** Returns whether it is behind the colon of a host, where a port is, or a password. */
  private static boolean isPort(String hosts) {
    return hosts.indexOf('/') < 0 && hosts.indexOf(':', hosts.lastIndexOf(',') + 1) >= 0;
  }

  private static IllegalArgumentException refused() {
    return new IllegalArgumentException(
        "{tenant} stands where the URL has no name: it may be in the host, the name of the database, and the parameters "
            + String.join(", ", new TreeSet<>(NAMES)));
  }
}
