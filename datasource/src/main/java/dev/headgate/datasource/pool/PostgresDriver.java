package dev.headgate.datasource.pool;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL's driver knows of a connection without asking the server. The driver is no
 * dependency of ours; another one for its URLs may know nothing.
 */
final class PostgresDriver {

  private static final ClassValue<PostgresDriver> OF =
      new ClassValue<>() {
        @Override
        protected PostgresDriver computeValue(Class<?> type) {
          return new PostgresDriver(type);
        }
      };

  private final @Nullable Method reported;
  private final @Nullable Method transactionState;
  private final @Nullable Method notifications;
  private final @Nullable Method readOnly;

  private PostgresDriver(Class<?> type) {
    reported = method(type, "getParameterStatus", String.class);
    transactionState = method(type, "getTransactionState");
    notifications = method(type, "getNotifications");
    readOnly = method(type, "hintReadOnly");
  }

  private static @Nullable Method method(Class<?> type, String name, Class<?>... parameters) {
    try {
      return type.getMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  /** Returns what the server has told of a setting; null if it does not tell it. */
  static @Nullable String reported(String setting, Connection connection) throws SQLException {
    return (String) call(OF.get(connection.getClass()).reported, connection, setting);
  }

  static boolean isInTransaction(Connection connection) throws SQLException {
    Object state = call(OF.get(connection.getClass()).transactionState, connection);
    return state != null && !state.toString().equals("IDLE");
  }

  /** Forgets what was heard of {@code NOTIFY}, which the driver keeps until it is asked for. */
  static void forgetNotifications(Connection connection) throws SQLException {
    call(OF.get(connection.getClass()).notifications, connection);
  }

  /**
   * Returns whether a connection that was set to read-only begins its transactions so. The driver
   * may have been told otherwise in the URL, in a property, or in a file of its own.
   */
  static boolean heedsReadOnly(Connection connection) throws SQLException {
    return Boolean.TRUE.equals(call(OF.get(connection.getClass()).readOnly, connection));
  }

  private static @Nullable Object call(
      @Nullable Method method, Connection connection, Object... arguments) throws SQLException {
    if (method == null) {
      return null;
    }
    try {
      return method.invoke(connection, arguments);
    } catch (IllegalAccessException e) {
      return null;
    } catch (InvocationTargetException e) {
      throw new SQLException(
          "the driver fails to say what it knows by %s()".formatted(method.getName()),
          e.getCause());
    }
  }
}
