package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How long a driver waits for its server: while it connects, and for each answer afterwards. By
 * themselves most drivers wait for ever, and a server that accepts and never answers keeps all who
 * ask it.
 *
 * <p>The drivers of PostgreSQL and MySQL bound a login by nothing but the socket timeout. So they
 * log in with the connect timeout as their socket timeout, and have the other one set when the
 * connection is there. PostgreSQL's login timeout would not do: its driver goes on connecting after
 * it, on a thread of its own, and nobody counts that connection.
 *
 * <p>What the application has set itself, as a property or in the URL, is left as it is.
 */
final class DriverTimeouts {

  private static final String CONNECT = "connectTimeout";
  private static final String SOCKET = "socketTimeout";

  /** A driver may connect anew by itself where there are several hosts, with the property. */
  private static final Pattern ONE_HOST =
      Pattern.compile("jdbc:(?:mysql|mariadb)://[^/?,(]*(?:[/?].*)?");

  private final Map<String, String> properties;

  /** What is set when the connection is there; 0 for nothing. */
  private final int socketMillis;

  DriverTimeouts(Database database, PoolSettings settings) {
    Duration connect = settings.connectTimeout();
    Duration socket = settings.socketTimeout();
    String url = database.url();
    boolean postgres = url.startsWith("jdbc:postgresql:");
    if (!postgres && !url.startsWith("jdbc:mysql:") && !url.startsWith("jdbc:mariadb:")) {
      socketMillis = 0;
      properties = Map.of();
      return;
    }
    properties = new TreeMap<>();
    boolean ownSocket = isSet(SOCKET, database);
    boolean oneHost = ONE_HOST.matcher(url).matches() && !isSet("dnsSrv", database);
    boolean later = !ownSocket && (postgres || oneHost);
    socketMillis = later ? Math.toIntExact(socket.toMillis()) : 0;
    Map<String, Duration> wanted = new TreeMap<>();
    wanted.put(CONNECT, connect);
    wanted.put(SOCKET, later ? connect : socket);
    if (postgres) {
      // Requests to cancel that a query timeout makes go out one by one, for the whole JVM.
      wanted.put("cancelSignalTimeout", connect);
      if (ownSocket && !isSet(CONNECT, database)) {
        wanted.put("loginTimeout", connect.multipliedBy(2));
      }
      put("tcpKeepAlive", "true", database);
    }
    wanted.forEach(
        (name, value) ->
            put(name, Long.toString(postgres ? seconds(value) : value.toMillis()), database));
  }

  /** Returns whole seconds, never less than asked for: 0 would be for ever. */
  private static long seconds(Duration timeout) {
    return timeout.plusSeconds(1).minusNanos(1).toSeconds();
  }

  private void put(String name, String value, Database database) {
    if (!isSet(name, database)) {
      properties.put(name, value);
    }
  }

  /** Returns whether the application has set it: for some drivers the case does not matter. */
  private static boolean isSet(String name, Database database) {
    Pattern parameter = Pattern.compile("[?&;,(]\\s*" + name + "\\s*=", Pattern.CASE_INSENSITIVE);
    String url = database.url();
    return database.propertyNames().stream()
            .anyMatch(
                property -> property.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
        || parameter.matcher(url).find()
        || parameter.matcher(JdbcUrl.decoded(url)).find();
  }

  /** Adds what a new connection is asked for with. */
  Properties with(Properties connecting) {
    connecting.putAll(properties);
    return connecting;
  }

  /** Lets a connection wait for answers as long as it may from now on, since its login is over. */
  void loggedIn(Connection connection) throws SQLException {
    if (socketMillis > 0) {
      connection.setNetworkTimeout(Runnable::run, socketMillis);
    }
  }
}
