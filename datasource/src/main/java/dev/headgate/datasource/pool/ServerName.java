package dev.headgate.datasource.pool;

import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which server a JDBC URL leads to, as far as that can be read from it. Of a URL that may have a
 * password among its hosts nothing is shown but hosts and ports.
 */
final class ServerName {

  /** What stands before the hosts: {@code jdbc:postgresql://}, {@code jdbc:oracle:thin:@}. */
  private static final Pattern HOSTS =
      Pattern.compile("jdbc:([^:/@?;]+):(?:[a-z0-9-]+:)*(?://|@//|@)([^?;]*)");

  /** User and password before the host, as in {@code jdbc:oracle:thin:scott/tiger@db:1521:acme}. */
  private static final Pattern ORACLE_LOGIN =
      Pattern.compile("jdbc:(oracle):thin:[^@?;]+@(?://)?([^?;]*)");

  /** Host and port; Oracle's URLs go on with the name of the database. */
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9a-f:.%]+]|[^\\s:\\[\\](),=@/]+)(:\\d+)?(?::[^:]*)?");

  /** What MySQL, MariaDB and Oracle have in parentheses. */
  private static final Pattern HOST = Pattern.compile("host=([^\\s(),=@]+)");

  /** In URLs of MySQL and MariaDB, with a user in front perhaps; others may stand beside these. */
  private static final Pattern ONLY_DESCRIBED =
      Pattern.compile("(?:[^(]*@)?[\\[,]*(?:(?:address=)?\\([^()]*\\)[\\],]*)+");

  private static final Pattern PORT = Pattern.compile("port=(\\d+)");

  /** The ports that their drivers use when the URL names none. */
  private static final Map<String, String> PORTS =
      Map.of("postgresql", ":5432", "mysql", ":3306", "mariadb", ":3306");

  private static final String POSTGRESQL = "jdbc:postgresql:";

  private ServerName() {}

  /**
   * Returns hosts and ports, in lower case; where they can't be told, the kind of database, as if
   * all such were one server.
   *
   * @return null if the URL names no host, as those of embedded databases
   */
  static @Nullable String of(String url) {
    Matcher matcher = HOSTS.matcher(url);
    if (!matcher.lookingAt()) {
      matcher = ORACLE_LOGIN.matcher(url);
      if (!matcher.lookingAt()) {
        return url.startsWith(POSTGRESQL) ? "localhost:5432" : null;
      }
    }
    String kind = matcher.group(1).toLowerCase(Locale.ROOT);
    String port = PORTS.getOrDefault(kind, "");
    String hosts = hosts(matcher.group(2).toLowerCase(Locale.ROOT));
    if (hosts.contains("(") || hosts.contains("=")) {
      return described(hosts, kind, port);
    }
    hosts = hosts.substring(hosts.lastIndexOf('@') + 1);
    if (hosts.isEmpty()) {
      return port.isEmpty() ? null : "localhost" + port;
    }
    StringJoiner names = new StringJoiner(",");
    for (String each : hosts.split(",", -1)) {
      Matcher address = ADDRESS.matcher(each);
      if (!address.matches()) {
        return kind;
      }
      names.add(address.group(1) + (address.group(2) != null ? address.group(2) : port));
    }
    return names.toString();
  }

  /** Returns what stands before the name of the database, which may look like a host, too. */
  private static String hosts(String text) {
    int end = 0;
    int open = 0;
    while (end < text.length() && (open > 0 || text.charAt(end) != '/')) {
      char c = text.charAt(end++);
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    return text.substring(0, end);
  }

  /** Reads hosts and ports from descriptions of them, {@code (host=one,port=3306)}. */
  private static String described(String hosts, String kind, String port) {
    if (!port.isEmpty() && !ONLY_DESCRIBED.matcher(hosts).matches()) {
      return kind;
    }
    StringJoiner names = new StringJoiner(",");
    names.setEmptyValue(kind);
    Matcher host = HOST.matcher(hosts);
    while (host.find()) {
      int end = hosts.indexOf("host=", host.end());
      Matcher own = PORT.matcher(hosts).region(host.end(), end < 0 ? hosts.length() : end);
      names.add(host.group(1) + (own.find() ? ":" + own.group(1) : port));
    }
    return names.toString();
  }
}
