package dev.headgate.datasource.pool;

import dev.headgate.faults.StubDatabase;
import dev.headgate.faults.StubDriver;
import dev.headgate.faults.TestDriver;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A stub database with catalogs: by its URL, it is one of MySQL's. Public for the interface in it.
 */
public final class StubMySql extends TestDriver implements AutoCloseable {

  private static final String PREFIX = "jdbc:mysql:";

  final StubDatabase stub;

  StubMySql(String name) throws SQLException {
    stub = StubDatabase.create(name);
    DriverManager.registerDriver(this);
  }

  Database database() {
    return Database.of(PREFIX + stub.url());
  }

  @Override
  public boolean acceptsURL(String url) {
    return url.equals(PREFIX + stub.url());
  }

  @Override
  public @Nullable Connection connect(String url, Properties info) throws SQLException {
    Connection connection = acceptsURL(url) ? new StubDriver().connect(stub.url(), info) : null;
    return connection == null ? null : resettable(connection);
  }

  /** As MySQL's driver has it. */
  public interface Resettable extends Connection {
    void resetServerState() throws SQLException;
  }

  /** A reset is a statement to the stub, which can fail as others do. */
  private static Connection resettable(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            StubMySql.class.getClassLoader(),
            new Class<?>[] {Resettable.class},
            (proxy, method, arguments) -> {
              try {
                if (method.getDeclaringClass() == Resettable.class) {
                  try (Statement statement = connection.createStatement()) {
                    statement.execute("RESET");
                  }
                  return null;
                }
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public void close() {
    stub.close();
    try {
      DriverManager.deregisterDriver(this);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
