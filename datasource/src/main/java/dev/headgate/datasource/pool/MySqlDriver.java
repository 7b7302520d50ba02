package dev.headgate.datasource.pool;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How MySQL's driver clears a session: by {@code resetServerState()} of its connections, which also
 * sets again what it had set when it connected. That takes it several round trips. The driver is no
 * dependency of ours. Where it would leave something out, nothing is cleared.
 */
final class MySqlDriver {

  /** To one server; those to several have other classes, and reset the one that is in use. */
  private static final String PLAIN = "com.mysql.cj.jdbc.ConnectionImpl";

  private static final ClassValue<Optional<MySqlDriver>> OF =
      new ClassValue<>() {
        @Override
        protected Optional<MySqlDriver> computeValue(Class<?> type) {
          try {
            return type.getName().equals(PLAIN)
                ? Optional.of(new MySqlDriver(type))
                : Optional.empty();
          } catch (NoSuchMethodException e) {
            return Optional.empty();
          }
        }
      };

  private final Method reset;
  private final Method properties;
  private final Method property;
  private final Method value;

  private MySqlDriver(Class<?> connection) throws NoSuchMethodException {
    reset = connection.getMethod("resetServerState");
    properties = connection.getMethod("getPropertySet");
    property = properties.getReturnType().getMethod("getBooleanProperty", String.class);
    value = property.getReturnType().getMethod("getValue");
  }

  /**
   * Clears the session and goes to a catalog.
   *
   * @param catalog null to stay
   * @return false if that can't be done on this connection
   */
  static boolean reset(Connection connection, @Nullable String catalog, boolean autoCommit)
      throws SQLException {
    Optional<MySqlDriver> driver = OF.get(connection.getClass());
    if (driver.isEmpty() || !driver.get().clearsAll(connection)) {
      return false;
    }
    try {
      driver.get().reset.invoke(connection);
    } catch (IllegalAccessException e) {
      return false;
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof SQLException failure
          ? failure
          : new SQLException("the driver failed to reset the connection", e.getCause());
    }
    connection.setAutoCommit(autoCommit);
    if (catalog != null) {
      connection.setCatalog(catalog);
    }
    return true;
  }

  /**
   * Returns whether its reset does anything, and leaves no statements in the driver's cache that
   * the server has forgotten with it.
   */
  private boolean clearsAll(Connection connection) {
    try {
      Object set = properties.invoke(connection);
      return isOff("paranoid", set)
          && (isOff("useServerPrepStmts", set) || isOff("cachePrepStmts", set));
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private boolean isOff(String name, Object set) throws ReflectiveOperationException {
    return Boolean.FALSE.equals(value.invoke(property.invoke(set, name)));
  }
}
