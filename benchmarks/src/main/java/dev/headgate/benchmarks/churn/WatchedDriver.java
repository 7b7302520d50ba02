package dev.headgate.benchmarks.churn;

import dev.headgate.faults.TestDriver;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** H2's driver, and how often a connection was closed or aborted in the middle of a transaction. */
final class WatchedDriver extends TestDriver implements AutoCloseable {

  private static final String PREFIX = "jdbc:watched:";

  private final Driver h2 = new org.h2.Driver();
  private final AtomicLong aborted = new AtomicLong();

  private WatchedDriver() {}

  /** Makes it known until it is closed. */
  static WatchedDriver register() throws SQLException {
    WatchedDriver driver = new WatchedDriver();
    DriverManager.registerDriver(driver);
    return driver;
  }

  /** Returns the JDBC URL of a database in memory, which stays without a connection. */
  static String url(String database) {
    return PREFIX + "h2:mem:" + database + ";DB_CLOSE_DELAY=-1";
  }

  long aborted() {
    return aborted.get();
  }

  @Override
  public @Nullable Connection connect(String url, Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    Connection connection = h2.connect("jdbc:" + url.substring(PREFIX.length()), info);
    AtomicBoolean busy = new AtomicBoolean();
    return (Connection)
        Proxy.newProxyInstance(
            WatchedDriver.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              watch(method, busy);
              return invoke(connection, method, arguments);
            });
  }

  private void watch(Method method, AtomicBoolean busy) {
    switch (method.getName()) {
      case "prepareStatement" -> busy.set(true);
      case "commit", "rollback" -> busy.set(false);
      case "close", "abort" -> {
        if (busy.getAndSet(false)) {
          aborted.incrementAndGet();
        }
      }
      default -> {}
    }
  }

  private static @Nullable Object invoke(
      Connection connection, Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public boolean acceptsURL(String url) {
    return url.startsWith(PREFIX);
  }

  /** Makes it unknown again. */
  @Override
  public void close() throws SQLException {
    DriverManager.deregisterDriver(this);
  }
}
