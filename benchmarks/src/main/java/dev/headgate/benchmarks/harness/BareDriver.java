package dev.headgate.benchmarks.harness;

import dev.headgate.faults.TestDriver;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A driver without a database, whose connections cost next to nothing, in time and in memory, so
 * that what is measured is the pools. The stub driver of the tests would not do: it keeps each call
 * that it is given.
 */
public final class BareDriver extends TestDriver implements AutoCloseable {

  private static final String PREFIX = "jdbc:bare:";

  private final long connectNanos;
  private final AtomicInteger connecting = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  private BareDriver(Duration connect) {
    connectNanos = connect.toNanos();
  }

  /** Makes a driver known, until it is closed, whose connects take so long. */
  public static BareDriver register(Duration connect) throws SQLException {
    BareDriver driver = new BareDriver(connect);
    DriverManager.registerDriver(driver);
    return driver;
  }

  /** Returns the JDBC URL of a database of that name, of which there are as many as one likes. */
  public static String url(String database) {
    return PREFIX + database;
  }

  /** Returns how many threads were inside {@link #connect} at once, at most. */
  public int mostConnecting() {
    return most.get();
  }

  @Override
  public @Nullable Connection connect(String url, @Nullable Properties info) {
    if (!acceptsURL(url)) {
      return null;
    }
    most.accumulateAndGet(connecting.incrementAndGet(), Math::max);
    try {
      long end = System.nanoTime() + connectNanos;
      for (long left = connectNanos; left > 0; left = end - System.nanoTime()) {
        LockSupport.parkNanos(this, left);
      }
      return new BareConnection();
    } finally {
      connecting.decrementAndGet();
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
