package dev.headgate.datasource.pool;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How MariaDB's driver clears a session. Its own {@code reset()} needs an option of the URL, takes
 * several round trips, and does not set again what the driver had set when it connected; so the
 * same commands are given to its client at once, with these settings. The driver is no dependency
 * of ours. Where the client can't be had, as on the module path, nothing is cleared.
 */
final class MariaDbDriver {

  /** The first version of the server, 10.4, in all of whose releases it works (MDEV-18281). */
  private static final int LEAST_MAJOR = 10;

  private static final int LEAST_MINOR = 4;

  /** The collation, the SQL mode, and a role if there is one. */
  private static final String SESSION =
      "CONCAT(@@collation_connection, ' ', @@sql_mode, ' ', COALESCE(CURRENT_ROLE(), ''))";

  private static final String PACKAGE = "org.mariadb.jdbc.";

  private static final ClassValue<Optional<MariaDbDriver>> OF =
      new ClassValue<>() {
        @Override
        protected Optional<MariaDbDriver> computeValue(Class<?> type) {
          try {
            return Optional.of(new MariaDbDriver(type));
          } catch (ReflectiveOperationException e) {
            return Optional.empty();
          }
        }
      };

  private final Class<?> message;
  private final Class<?> plainClient;
  private final Object reset;
  private final Constructor<?> query;
  private final Constructor<?> changeCatalog;
  private final Method client;
  private final Method context;
  private final Method settings;
  private final Method configuration;
  private final Method initialSql;
  private final Method pipeline;
  private final Method forget;

  private MariaDbDriver(Class<?> connection) throws ReflectiveOperationException {
    ClassLoader loader = connection.getClassLoader();
    message = named("message.ClientMessage", loader);
    plainClient = named("client.impl.StandardClient", loader);
    reset = named("message.client.ResetPacket", loader).getField("INSTANCE").get(null);
    query = named("message.client.QueryPacket", loader).getConstructor(String.class);
    changeCatalog = named("message.client.ChangeDbPacket", loader).getConstructor(String.class);
    client = connection.getMethod("getClient");
    Class<?> anyClient = client.getReturnType();
    context = anyClient.getMethod("getContext");
    settings = plainClient.getMethod("createSessionVariableQuery", context.getReturnType());
    configuration = context.getReturnType().getMethod("getConf");
    initialSql = configuration.getReturnType().getMethod("initSql");
    pipeline =
        anyClient.getMethod(
            "executePipeline",
            message.arrayType(),
            named("Statement", loader),
            int.class,
            long.class,
            int.class,
            int.class,
            boolean.class,
            boolean.class);
    forget = anyClient.getMethod("reset");
  }

  private static Class<?> named(String name, @Nullable ClassLoader loader)
      throws ClassNotFoundException {
    return Class.forName(PACKAGE + name, false, loader);
  }

  /**
   * Returns what the server has to be asked for while a connection is new, to clear it later: how
   * it compares texts and which SQL it takes, both of which the driver sets with its login, and the
   * role; null if it can't be cleared.
   */
  static @Nullable String session(Connection connection) throws SQLException {
    if (OF.get(connection.getClass()).isEmpty() || !isServerGoodForIt(connection.getMetaData())) {
      return null;
    }
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery("SELECT %s".formatted(SESSION))) {
      answer.next();
      return answer.getString(1);
    }
  }

  /**
   * Clears the session and goes to a catalog, in one round trip.
   *
   * @param catalog null to stay
   * @param origin what it was when it was opened
   * @return false if that can't be done on this connection
   */
  static boolean reset(Connection connection, @Nullable String catalog, Dialect.Origin origin)
      throws SQLException {
    Optional<MariaDbDriver> driver = OF.get(connection.getClass());
    String session = origin.session();
    if (driver.isEmpty() || session == null) {
      return false;
    }
    try {
      return driver.get().send(connection, catalog, session, origin.autoCommit());
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof SQLException failure
          ? failure
          : new SQLException("the driver failed to reset the connection", e.getCause());
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private static boolean isServerGoodForIt(DatabaseMetaData server) throws SQLException {
    int major = server.getDatabaseMajorVersion();
    return server.getDatabaseProductName().equals("MariaDB")
        && (major > LEAST_MAJOR
            || (major == LEAST_MAJOR && server.getDatabaseMinorVersion() >= LEAST_MINOR));
  }

  private boolean send(
      Connection connection, @Nullable String catalog, String session, boolean autoCommit)
      throws ReflectiveOperationException, SQLException {
    Object open = client.invoke(connection);
    if (open.getClass() != plainClient) {
      // One of several servers, or one that does again what was lost with a connection.
      return false;
    }
    List<Object> commands = new ArrayList<>();
    commands.add(reset);
    String[] login = session.split(" ", 3);
    commands.add(
        query.newInstance(
            "SET NAMES utf8mb4 COLLATE %s, sql_mode = '%s'".formatted(login[0], login[1])));
    Object used = context.invoke(open);
    Object set = settings.invoke(open, used);
    if (set != null) {
      commands.add(query.newInstance(set));
    }
    Object sql = initialSql.invoke(configuration.invoke(used));
    if (sql instanceof String text && !text.isEmpty()) {
      for (String each : text.split(";", 0)) {
        commands.add(query.newInstance(each));
      }
    }
    commands.add(query.newInstance("SET autocommit=" + (autoCommit ? 1 : 0)));
    if (catalog != null) {
      commands.add(changeCatalog.newInstance(catalog));
    }
    // A role stays, and the server may have none to set it back.
    commands.add(query.newInstance("SELECT %s".formatted(SESSION)));
    List<?> answers;
    try {
      answers =
          (List<?>)
              pipeline.invoke(
                  open,
                  commands.toArray((Object[]) java.lang.reflect.Array.newInstance(message, 0)),
                  null,
                  0,
                  0L,
                  ResultSet.CONCUR_READ_ONLY,
                  ResultSet.TYPE_FORWARD_ONLY,
                  false,
                  false);
    } finally {
      // With the session went the statements that the driver had prepared there.
      forget.invoke(open);
    }
    return answers.get(answers.size() - 1) instanceof ResultSet answer
        && answer.next()
        && session.equals(answer.getString(1));
  }
}
