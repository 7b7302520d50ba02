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
 * dependency of ours.
 */
final class MySqlDriver {

  private static final ClassValue<Optional<Method>> RESET =
      new ClassValue<>() {
        @Override
        protected Optional<Method> computeValue(Class<?> type) {
          try {
            return Optional.of(type.getMethod("resetServerState"));
          } catch (NoSuchMethodException e) {
            return Optional.empty();
          }
        }
      };

  private MySqlDriver() {}

  /**
   * Clears the session and goes to a catalog.
   *
   * @param catalog null to stay
   * @return false if it is another driver's connection
   */
  static boolean reset(Connection connection, @Nullable String catalog, boolean autoCommit)
      throws SQLException {
    Optional<Method> reset = RESET.get(connection.getClass());
    if (reset.isEmpty()) {
      return false;
    }
    try {
      reset.get().invoke(connection);
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
}
