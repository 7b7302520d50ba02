package dev.headgate.datasource.pool;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

/** What is left of a connection that was handed back: someone else may have it by now. */
final class ClosedConnection {

  static final Connection INSTANCE =
      (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader() == null
                  ? ClosedConnection.class.getClassLoader()
                  : Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "isClosed" -> true;
                    case "isValid" -> false;
                    case "toString" -> "closed connection";
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "close", "abort" -> null;
                    default -> throw new SQLException("this connection is closed", "08003");
                  });

  private ClosedConnection() {}
}
