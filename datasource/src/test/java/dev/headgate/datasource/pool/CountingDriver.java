package dev.headgate.datasource.pool;

import dev.headgate.faults.StubDriver;
import dev.headgate.faults.TestDriver;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Connects to stubs, and counts the connections that may be open: from the moment at which one is
 * asked for, to the return of what closes it. Some attempts fail, and some take longer than others
 * wait.
 */
final class CountingDriver extends TestDriver implements AutoCloseable {

  private static final String PREFIX = "jdbc:counting:";

  /** In nanoseconds, longer than borrowers wait. */
  private static final long HANG = 300_000_000;

  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger most = new AtomicInteger();
  private final AtomicLong attempts = new AtomicLong();
  private final StubDriver stubs = new StubDriver();

  CountingDriver() throws SQLException {
    DriverManager.registerDriver(this);
  }

  static String url(String url) {
    return PREFIX + url;
  }

  @Override
  public boolean acceptsURL(String url) {
    return url.startsWith(PREFIX);
  }

  @Override
  public Connection connect(String url, Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    most.accumulateAndGet(open.incrementAndGet(), Math::max);
    long attempt = attempts.incrementAndGet();
    boolean connected = false;
    try {
      if (attempt % 7 == 0) {
        throw new SQLException("refused");
      }
      if (attempt % 11 == 0) {
        throw new StackOverflowError("on purpose");
      }
      if (attempt % 211 == 0) {
        hang();
      }
      Connection connection = stubs.connect(url.substring(PREFIX.length()), info);
      connected = true;
      return counted(connection);
    } finally {
      if (!connected) {
        open.decrementAndGet();
      }
    }
  }

  private static void hang() {
    long end = System.nanoTime() + HANG;
    for (long left = HANG; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private Connection counted(Connection connection) {
    AtomicInteger left = new AtomicInteger(1);
    return (Connection)
        Proxy.newProxyInstance(
            CountingDriver.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                String name = method.getName();
                if ((name.equals("close") || name.equals("abort")) && left.getAndSet(0) == 1) {
                  open.decrementAndGet();
                }
              }
            });
  }

  @Override
  public void close() throws SQLException {
    DriverManager.deregisterDriver(this);
  }
}
