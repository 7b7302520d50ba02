package dev.headgate.datasource.pool;

import dev.headgate.faults.StubDatabase;
import dev.headgate.faults.StubDriver;
import dev.headgate.faults.TestDriver;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.InvocationHandlerAdapter;
import net.bytebuddy.matcher.ElementMatchers;
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

    PropertySet getPropertySet();
  }

  /** As MySQL's driver has it. */
  @FunctionalInterface
  public interface PropertySet {
    Property getBooleanProperty(String name);
  }

  /** As MySQL's driver has it. */
  @FunctionalInterface
  public interface Property {
    Object getValue();
  }

  /** With the name by which a connection of MySQL's driver is known, in a class loader apart. */
  private static final Class<? extends Resettable> CONNECTION =
      new ByteBuddy()
          .subclass(Resettable.class)
          .name("com.mysql.cj.jdbc.ConnectionImpl")
          .defineField("handler", InvocationHandler.class, Visibility.PUBLIC)
          .method(ElementMatchers.isAbstract())
          .intercept(InvocationHandlerAdapter.toField("handler"))
          .make()
          .load(StubMySql.class.getClassLoader(), ClassLoadingStrategy.Default.CHILD_FIRST)
          .getLoaded();

  /** A reset is a statement to the stub, which can fail as others do. */
  private static Connection resettable(Connection connection) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          try {
            if (method.getName().equals("resetServerState")) {
              try (Statement statement = connection.createStatement()) {
                statement.execute("RESET");
              }
              return null;
            }
            if (method.getName().equals("getPropertySet")) {
              return (PropertySet) name -> () -> false;
            }
            return method.invoke(connection, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    try {
      Resettable made = CONNECTION.getConstructor().newInstance();
      CONNECTION.getField("handler").set(made, handler);
      return made;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
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
