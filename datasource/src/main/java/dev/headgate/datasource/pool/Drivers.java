package dev.headgate.datasource.pool;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDBC drivers that an application can see. {@link DriverManager} alone is not enough: it loads
 * drivers once for the whole JVM, so that those in a web application's own {@code WEB-INF/lib} are
 * missing in a container that has started before.
 */
final class Drivers implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Drivers.class);

  private final List<Driver> drivers = new ArrayList<>();

  /** What {@link DriverManager} has of them only because they were loaded here. */
  private final List<Driver> registered;

  /** Loads the drivers that the application's and this library's class loader see. */
  Drivers(@Nullable ClassLoader application) {
    Set<Driver> before = Collections.newSetFromMap(new IdentityHashMap<>());
    before.addAll(registered());
    load(application);
    load(Drivers.class.getClassLoader());
    registered = registered().stream().filter(driver -> !before.contains(driver)).toList();
  }

  private static List<Driver> registered() {
    return DriverManager.drivers().toList();
  }

  private void load(@Nullable ClassLoader loader) {
    var found = ServiceLoader.load(Driver.class, loader).iterator();
    // A driver that can't be loaded is no reason to do without the others.
    while (true) {
      try {
        if (!found.hasNext()) {
          return;
        }
        drivers.add(found.next());
      } catch (ServiceConfigurationError | LinkageError e) {
        log.warn("A JDBC driver on the class path can't be loaded and is left out", e);
      }
    }
  }

  /**
   * Returns the first driver that accepts the URL.
   *
   * @throws DriverNotFoundException if there is none
   */
  Driver forDatabase(Database database) throws DriverNotFoundException {
    for (Driver driver : drivers) {
      if (accepts(driver, database)) {
        return driver;
      }
    }
    return DriverManager.drivers()
        .filter(driver -> accepts(driver, database))
        .findFirst()
        .orElseThrow(
            () ->
                new DriverNotFoundException(
                    "no JDBC driver accepts %s: add the driver's jar to the class path"
                        .formatted(database.address())));
  }

  /**
   * Takes the drivers out of {@link DriverManager} that came there by being loaded here: they would
   * keep the class loader of an application that has ended, and containers warn of them.
   */
  @Override
  public void close() {
    for (Driver driver : registered) {
      try {
        DriverManager.deregisterDriver(driver);
      } catch (SQLException | SecurityException e) {
        log.warn("The JDBC driver {} stays registered", driver.getClass().getName(), e);
      }
    }
  }

  private static boolean accepts(Driver driver, Database database) {
    try {
      return driver.acceptsURL(database.url());
    } catch (SQLException e) {
      return false;
    }
  }
}
