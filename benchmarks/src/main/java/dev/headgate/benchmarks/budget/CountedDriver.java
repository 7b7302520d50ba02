package dev.headgate.benchmarks.budget;

import dev.headgate.benchmarks.harness.Postgres;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's driver, and how many of its connections were open at once: counted from before each
 * connect until after each close.
 */
final class CountedDriver extends TestDriver implements AutoCloseable {

  private static final String PREFIX = "jdbc:counted:";

  private final Driver postgres;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger peak = new AtomicInteger();

  private CountedDriver(Driver postgres) {
    this.postgres = postgres;
  }

  /** Makes it known until it is closed. */
  static CountedDriver register() throws SQLException {
    CountedDriver driver = new CountedDriver(DriverManager.getDriver("jdbc:postgresql:postgres"));
    DriverManager.registerDriver(driver);
    return driver;
  }

  static String url(Postgres server, String database) {
    return PREFIX + server.url(database).substring("jdbc:".length());
  }

  /** Returns how many were open at most. */
  int peak() {
    return peak.get();
  }

  @Override
  public @Nullable Connection connect(String url, Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    peak.accumulateAndGet(open.incrementAndGet(), Math::max);
    AtomicBoolean counts = new AtomicBoolean(true);
    Connection connection;
    try {
      connection = postgres.connect("jdbc:" + url.substring(PREFIX.length()), info);
    } catch (SQLException | RuntimeException | Error e) {
      open.decrementAndGet();
      throw e;
    }
    return (Connection)
        Proxy.newProxyInstance(
            CountedDriver.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              try {
                return invoke(connection, method, arguments);
              } finally {
                if (isEnd(method) && counts.getAndSet(false)) {
                  open.decrementAndGet();
                }
              }
            });
  }

  private static boolean isEnd(Method method) {
    return method.getName().equals("close") || method.getName().equals("abort");
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
