package dev.headgate.datasource.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.util.ConcurrentBag.IBagStateListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One pool of connections to one database, from its making to its end. HikariCP's part of it is
 * made by the first borrower, outside of the registry's lock, and opens no connection before one is
 * asked for.
 */
final class Pool {

  final LeaseCount leases = new LeaseCount();
  private final String name;
  private final Database database;
  private final Database login;
  private final PoolSettings settings;
  private final boolean autoCommit;
  private final Drivers drivers;
  private final PoolThreads threads;
  private final Set<String> labels = ConcurrentHashMap.newKeySet(1);

  /** When a lease was last taken or given back, on the registry's clock. */
  private final AtomicLong lastUsed = new AtomicLong();

  private volatile @Nullable HikariDataSource hikari;
  private @Nullable DriverDataSource connections;
  private boolean closed;

  /** Whether others with the same login have taken its place. Guarded by the registry's lock. */
  boolean retired;

  Pool(
      String name,
      Database database,
      PoolSettings settings,
      boolean autoCommit,
      Drivers drivers,
      PoolThreads threads) {
    this.name = name;
    this.database = database;
    this.login = database.login();
    this.settings = settings;
    this.autoCommit = autoCommit;
    this.drivers = drivers;
    this.threads = threads;
  }

  Database database() {
    return database;
  }

  Database login() {
    return login;
  }

  PoolSettings settings() {
    return settings;
  }

  /** Returns the mode in which its connections lie in the pool. */
  boolean autoCommit() {
    return autoCommit;
  }

  String name() {
    return name;
  }

  long lastUsed() {
    return lastUsed.get();
  }

  void used(long now) {
    // Without waiting until other threads see it, which need not be at once.
    lastUsed.setRelease(now);
  }

  void label(String label) {
    if (!labels.contains(label)) {
      labels.add(label);
    }
  }

  /**
   * Borrows a connection; it goes back with its {@code close()}.
   *
   * @param part the schema or catalog that it has to be in, or null for where it is when it is
   *     opened
   * @throws DatabaseUnavailableException if none could be had in time or led there, or the thread
   *     was interrupted, which it still is then
   * @throws DriverNotFoundException if no driver accepts the URL
   * @throws RegistryClosedException if the pool was closed by force, at the end of the registry
   */
  LeasedConnection borrow(@Nullable String part) throws SQLException {
    while (true) {
      Connection pooled = take();
      boolean usable = false;
      try {
        Whereabouts whereabouts = PhysicalConnection.below(pooled).whereabouts();
        if (whereabouts.lead(part)) {
          usable = true;
          return new LeasedConnection(this, pooled, whereabouts);
        }
        // Nothing leads there; from a new connection it is no way at all.
      } catch (NoSuchPartException e) {
        // Whoever asks for what is not there must not cost the others their connections.
        pooled.close();
        usable = true;
        throw notLed(part, "", e);
      } catch (SQLException e) {
        throw notLed(part, ", and was closed", e);
      } finally {
        if (!usable) {
          discard(pooled);
        }
      }
    }
  }

  private DatabaseUnavailableException notLed(
      @Nullable String part, String consequence, SQLException failure) {
    return new DatabaseUnavailableException(
        "a connection of pool %s to %s could not be led to %s%s: %s"
            .formatted(
                name,
                database,
                part == null ? "where it was when it was opened" : '"' + part + '"',
                consequence,
                reason(failure)),
        failure.getSQLState(),
        failure);
  }

  private Connection take() throws SQLException {
    HikariDataSource started = hikari;
    if (started == null) {
      started = start();
    }
    try {
      Connection pooled = started.getConnection();
      growForWaiting();
      return pooled;
    } catch (SQLTransientConnectionException e) {
      throw unavailable(e, started.getHikariPoolMXBean());
    } catch (SQLException e) {
      if (e.getCause() instanceof InterruptedException) {
        throw new DatabaseUnavailableException(
            "interrupted while waiting for a connection of pool %s".formatted(name), null, e);
      }
      throw started.isClosed() ? closed() : e;
    }
  }

  /** Closes a borrowed connection for good instead of giving it back. */
  void discard(Connection connection) {
    HikariDataSource started = hikari;
    if (started != null) {
      started.evictConnection(connection);
    }
    growForWaiting();
  }

  /**
   * Has HikariCP open another connection if someone waits and the pool may grow. It does so when
   * they begin to wait, but loses some wishes when many begin at once, and never looks again when a
   * connection goes that others could have waited for.
   */
  void growForWaiting() {
    HikariDataSource started = hikari;
    if (started == null) {
      return;
    }
    HikariPoolMXBean counts = started.getHikariPoolMXBean();
    int waiting = counts.getThreadsAwaitingConnection();
    if (waiting > 0 && counts.getTotalConnections() < settings.maximumSize()) {
      ((IBagStateListener) counts).addBagItem(waiting);
    }
  }

  private DatabaseUnavailableException unavailable(
      SQLTransientConnectionException timeout, HikariPoolMXBean counts) {
    // HikariCP tells why the last attempt to connect failed by the cause of its timeout. It forgets
    // it with the next success only, so that it explains nothing when all connections are busy.
    int active = counts.getActiveConnections();
    String numbers =
        "pool %s, active %d of at most %d, idle %d, waiting %d"
            .formatted(
                name,
                active,
                settings.maximumSize(),
                counts.getIdleConnections(),
                counts.getThreadsAwaitingConnection());
    String why;
    if (active >= settings.maximumSize()) {
      why =
          "no connection to %s became free: raise the pool's size or hold connections shorter"
              .formatted(database);
    } else if (timeout.getCause() == null) {
      why =
          "no connection to %s was made in time: see whether it answers, or raise the borrow timeout"
              .formatted(database);
    } else {
      why = "could not connect to %s: %s".formatted(database, reason(timeout.getCause()));
    }
    return new DatabaseUnavailableException(
        "%s (waited %d ms; %s)".formatted(why, settings.borrowTimeout().toMillis(), numbers),
        timeout.getSQLState(),
        timeout);
  }

  private static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message != null ? message : cause.toString();
  }

  private RegistryClosedException closed() {
    return new RegistryClosedException(
        "pool %s was closed while it was leased: the application is shutting down".formatted(name));
  }

  private synchronized HikariDataSource start() throws SQLException {
    HikariDataSource started = hikari;
    if (started == null) {
      if (closed) {
        throw closed();
      }
      connections = new DriverDataSource(drivers.forDatabase(database), database);
      started = new HikariDataSource(configuration(connections));
      hikari = started;
    }
    return started;
  }

  private HikariConfig configuration(DriverDataSource connections) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setDataSource(connections);
    config.setMaximumPoolSize(settings.maximumSize());
    config.setMinimumIdle(0);
    config.setConnectionTimeout(settings.borrowTimeout().toMillis());
    config.setValidationTimeout(settings.borrowTimeout().toMillis());
    config.setIdleTimeout(settings.idleTimeout().toMillis());
    config.setMaxLifetime(settings.maximumLifetime().toMillis());
    // Keepalive would block the scheduler that all pools share.
    config.setKeepaliveTime(0);
    config.setInitializationFailTimeout(-1);
    config.setIsolateInternalQueries(true);
    config.setAutoCommit(autoCommit);
    config.setThreadFactory(threads);
    config.setScheduledExecutor(threads.scheduler());
    return config;
  }

  /** Closes all connections; those in use are aborted. May block on the database. */
  void close() {
    HikariDataSource started;
    synchronized (this) {
      closed = true;
      started = hikari;
      if (connections != null) {
        connections.close();
      }
    }
    if (started != null) {
      started.close();
    }
  }

  PoolSnapshot snapshot() {
    HikariDataSource started = hikari;
    HikariPoolMXBean counts = started == null ? null : started.getHikariPoolMXBean();
    List<String> sorted = new ArrayList<>(labels);
    sorted.sort(null);
    return new PoolSnapshot(
        name,
        database,
        List.copyOf(sorted),
        leases.phase(),
        leases.leases(),
        counts == null ? 0 : counts.getActiveConnections(),
        counts == null ? 0 : counts.getIdleConnections(),
        counts == null ? 0 : counts.getThreadsAwaitingConnection());
  }
}
