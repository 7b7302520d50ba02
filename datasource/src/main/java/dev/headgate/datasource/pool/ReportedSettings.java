package dev.headgate.datasource.pool;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a PostgreSQL server has told of its settings without being asked ({@code ParameterStatus}),
 * which the driver keeps. The driver is no dependency of ours.
 */
final class ReportedSettings {

  private static final ClassValue<Optional<Method>> GETTERS =
      new ClassValue<>() {
        @Override
        protected Optional<Method> computeValue(Class<?> type) {
          try {
            return Optional.of(type.getMethod("getParameterStatus", String.class));
          } catch (NoSuchMethodException e) {
            return Optional.empty();
          }
        }
      };

  private ReportedSettings() {}

  /** Returns the value of a setting; null if the server does not tell it, or the driver not us. */
  static @Nullable String get(String setting, Connection connection) throws SQLException {
    Optional<Method> getter = GETTERS.get(connection.getClass());
    if (getter.isEmpty()) {
      return null;
    }
    try {
      return (String) getter.get().invoke(connection, setting);
    } catch (IllegalAccessException e) {
      return null;
    } catch (InvocationTargetException e) {
      throw new SQLException("the driver fails to say what the server has told", e.getCause());
    }
  }
}
