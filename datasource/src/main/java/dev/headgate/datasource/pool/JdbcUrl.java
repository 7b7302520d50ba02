package dev.headgate.datasource.pool;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at a JDBC URL before it is anyone's: it must be one, on one line, without a password.
 * Drivers and those who show lists of settings take a URL for something that may be shown.
 */
final class JdbcUrl {

  private static final Pattern SCHEME = Pattern.compile("jdbc:.+", Pattern.DOTALL);

  /** Parameters that drivers have for secrets, with a value; {@code password2} is MySQL's. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?:password\\d*|passwd|passphrase|pwd|secret|token|api_?key)\\s*=\\s*[^\\s?&;,)]",
          Pattern.CASE_INSENSITIVE);

  /** {@code //user:password@host}, where what follows the colon is no port; for each host. */
  private static final Pattern USER_INFO =
      Pattern.compile("//(?:[^/?;]*,)?[^/?;@:,\\[]*:(?!\\d+(?:[/,?;]|$)).*@");

  private static final Pattern ORACLE =
      Pattern.compile("jdbc:oracle:\\w+:[^@]*/[^@]+@.*", Pattern.CASE_INSENSITIVE);

  /** MariaDB's driver looks for the end of such a one for ever. */
  private static final Pattern ADDRESS_WITHOUT_END =
      Pattern.compile("jdbc:mariadb:.*address\\s*=\\s*\\([^)]*", Pattern.CASE_INSENSITIVE);

  private static final Pattern ESCAPE = Pattern.compile("%([0-7][0-9A-Fa-f])");

  private JdbcUrl() {}

  /**
   * Returns the URL.
   *
   * @throws IllegalArgumentException if it is none, has a password or control characters in it, or
   *     would be read for ever; the message has nothing of it
   */
  static String checked(String url) {
    if (!SCHEME.matcher(url).matches()) {
      throw new IllegalArgumentException(
          "not a JDBC URL: it has to start with jdbc: and name a database");
    }
    requireOneLine("the URL", url);
    if (ADDRESS_WITHOUT_END.matcher(url).matches()) {
      throw new IllegalArgumentException(
          "the URL has an address=( that does not end: close the parenthesis");
    }
    // Connector/J decodes the names of parameters, too.
    for (String text : List.of(url, decoded(url))) {
      if (PARAMETER.matcher(text).find()
          || USER_INFO.matcher(text).find()
          || ORACLE.matcher(text).matches()) {
        throw new IllegalArgumentException(
            "the URL has a password in it, where logs and drivers may show it: give it apart, as the password or a driver property");
      }
    }
    return url;
  }

  /** Refuses what would be several lines in a log. */
  static String requireOneLine(String name, String text) {
    if (text.chars().anyMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029')) {
      throw new IllegalArgumentException(name + " has control characters in it");
    }
    return text;
  }

  /** Returns it with the characters that it has escaped. */
  static String decoded(String url) {
    return ESCAPE.matcher(url).replaceAll(JdbcUrl::character);
  }

  private static String character(MatchResult escape) {
    return Matcher.quoteReplacement(Character.toString(Integer.parseInt(escape.group(1), 16)));
  }
}
