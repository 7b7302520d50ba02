package dev.headgate.faults;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The client's side of a JDBC object: a proxy whose calls all go through {@link Calls}.
 *
 * @param <T> the JDBC interface
 */
abstract class CountedCalls<T> implements InvocationHandler {

  private static final Object[] NO_ARGUMENTS = {};

  /** What JDBC lets a client call on an object that is closed or whose connection is broken. */
  private static final Set<String> ALWAYS_ANSWERED =
      Set.of(
          "close",
          "isClosed",
          "isValid",
          "abort",
          "getDriverMajorVersion",
          "getDriverMinorVersion");

  private final Class<? extends T> type;
  private final Calls calls;
  private final PhysicalConnection connection;
  private T client;

  CountedCalls(Class<? extends T> type, Calls calls, PhysicalConnection connection) {
    this.type = type;
    this.calls = calls;
    this.connection = connection;
  }

  /** The effect of one call and its result, with the database's lock held. */
  abstract Object answer(Method method, Object[] args) throws SQLException;

  /** Refuses a call on an object that is closed or broken. */
  abstract void checkUsable() throws SQLException;

  /** The object that the client gets, always the same one. */
  final T client() {
    if (client == null) {
      ClassLoader loader = CountedCalls.class.getClassLoader();
      client = type.cast(Proxy.newProxyInstance(loader, new Class<?>[] {type}, this));
    }
    return client;
  }

  final Calls calls() {
    return calls;
  }

  final PhysicalConnection connection() {
    return connection;
  }

  /** Notices a call before any fault can strike it. */
  void arrived(Method method) {}

  @Override
  public final Object invoke(Object self, Method method, Object[] args) throws Exception {
    Object[] given = args == null ? NO_ARGUMENTS : args;
    if (method.getDeclaringClass() == Object.class) {
      return identity(self, method, given);
    }
    arrived(method);
    try {
      return calls.make(describe(method, given), connection, () -> checkedAnswer(method, given));
    } catch (SQLException e) {
      throw declared(method, e);
    }
  }

  private Object checkedAnswer(Method method, Object[] args) throws SQLException {
    if (!ALWAYS_ANSWERED.contains(method.getName())) {
      checkUsable();
    }
    return switch (method.getName()) {
      case "isWrapperFor" -> ((Class<?>) args[0]).isInstance(client());
      case "unwrap" -> unwrapped((Class<?>) args[0]);
      default -> answer(method, args);
    };
  }

  private Object unwrapped(Class<?> wanted) throws SQLException {
    if (!wanted.isInstance(client())) {
      throw new SQLException("the stub's " + type.getSimpleName() + " wraps no " + wanted);
    }
    return client();
  }

  /** For what the stub has no opinion on: 0, false or null. */
  static Object plain(Method method) {
    Class<?> result = method.getReturnType();
    return result.isPrimitive() && result != void.class
        ? Array.get(Array.newInstance(result, 1), 0)
        : null;
  }

  private Object identity(Object self, Method method, Object[] args) {
    return switch (method.getName()) {
      case "equals" -> self == args[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> toString();
    };
  }

  private String describe(Method method, Object[] args) {
    StringJoiner arguments =
        new StringJoiner(", ", type.getSimpleName() + "." + method.getName() + "(", ")");
    for (int i = 0; i < args.length; i++) {
      arguments.add(describe(args[i], method.getParameterTypes()[i]));
    }
    return arguments.toString();
  }

  /** What has no stable text of its own, an executor for instance, goes by its type. */
  private static String describe(Object argument, Class<?> declared) {
    boolean hasText =
        argument == null
            || argument instanceof CharSequence
            || argument instanceof Number
            || argument instanceof Boolean
            || Proxy.isProxyClass(argument.getClass());
    return hasText ? String.valueOf(argument) : declared.getSimpleName();
  }

  /**
   * A proxy may throw only what the method declares: {@code setClientInfo} a subclass, and the
   * driver's version numbers in the metadata nothing that is checked.
   */
  private static Exception declared(Method method, SQLException failure) {
    List<Class<?>> allowed = List.of(method.getExceptionTypes());
    if (allowed.isEmpty()) {
      return new IllegalStateException(failure.getMessage(), failure);
    }
    if (allowed.stream().anyMatch(type -> type.isInstance(failure))) {
      return failure;
    }
    return new SQLClientInfoException(
        failure.getMessage(), failure.getSQLState(), failure.getErrorCode(), Map.of(), failure);
  }
}
