package dev.headgate.datasource.pool;

import java.lang.reflect.Proxy;
import java.sql.Connection;

/** A connection that is open and does nothing, for when millions of them are needed. */
final class OpenConnection {

  static final Connection INSTANCE =
      (Connection)
          Proxy.newProxyInstance(
              OpenConnection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "isClosed" -> false;
                    case "toString" -> "open connection";
                    case "close" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                  });

  private OpenConnection() {}
}
