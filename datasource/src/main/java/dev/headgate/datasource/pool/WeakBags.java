package dev.headgate.datasource.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.ConcurrentBag;

/**
 * Makes HikariCP's pools so that they are garbage once they are closed. In each thread they
 * remember the connections that it has given back, and with these the whole pool; weakly only in a
 * class loader other than the system's, or if this property says so, which is read when a pool is
 * made.
 */
final class WeakBags {

  private static final String PROPERTY = "com.zaxxer.hikari.useWeakReferences";

  private WeakBags() {}

  static HikariDataSource make(HikariConfig configuration) {
    if (ConcurrentBag.class.getClassLoader() != ClassLoader.getSystemClassLoader()) {
      return new HikariDataSource(configuration);
    }
    // Pools of the application's own that are made at this moment remember weakly as well.
    synchronized (WeakBags.class) {
      String before = System.getProperty(PROPERTY);
      System.setProperty(PROPERTY, before == null ? "true" : before);
      try {
        return new HikariDataSource(configuration);
      } finally {
        if (before == null) {
          System.clearProperty(PROPERTY);
        }
      }
    }
  }
}
