package dev.headgate.datasource.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.util.ConcurrentBag.IBagStateListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one pool, which HikariCP keeps: whoever needs one passes the failure gates,
 * waits for a seat, and takes from HikariCP what there is for it. HikariCP's part is made by the
 * first borrower, outside of the registry's lock, and opens no connection before one is asked for.
 *
 * <p>Thread-safe.
 */
final class PooledConnections {

  /** The least that HikariCP allows. */
  static final long HIKARI_TIMEOUT_MILLIS = 250;

  /**
   * For so long at most somebody waits while a failure gate is open. If that takes longer, the next
   * one finds what has come of it.
   */
  static final long LONGEST_TRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** HikariCP's own. What is empty in it is there once then, and not for each pool. */
  private static final HikariConfig DEFAULTS = new HikariConfig();

  private final String name;
  private final Database database;
  private final PoolSettings settings;
  private final boolean autoCommit;
  private final Drivers drivers;
  private final PoolThreads threads;
  private final LongSupplier nanoClock;
  private final Seats seats;
  private final Gates gates;

  private volatile @Nullable HikariDataSource hikari;
  private volatile @Nullable Connector connector;
  private boolean closed;

  PooledConnections(
      String name,
      Database database,
      PoolSettings settings,
      boolean autoCommit,
      Drivers drivers,
      PoolThreads threads,
      LongSupplier nanoClock,
      Seats seats,
      Gates gates) {
    this.name = name;
    this.database = database;
    this.settings = settings;
    this.autoCommit = autoCommit;
    this.drivers = drivers;
    this.threads = threads;
    this.nanoClock = nanoClock;
    this.seats = seats;
    this.gates = gates;
  }

  /**
   * Takes one, which is opened if need be.
   *
   * @param borrower who waits, or null if it has no other connection
   * @param round in which it is taken
   * @throws BorrowDeadlockException if none can become free
   * @throws DatabaseUnavailableException if none could be had in time, or the thread was
   *     interrupted, which it still is then
   * @throws DriverNotFoundException if no driver accepts the URL
   * @throws RegistryClosedException if they were closed
   */
  Fetched take(@Nullable Borrower borrower, int round) throws SQLException {
    HikariDataSource started = hikari;
    if (started == null) {
      started = start();
    }
    long start = System.nanoTime();
    long deadline = start + settings.borrowTimeout().toNanos();
    do {
      takeSeat(borrower, start, deadline);
      Fetched fetched = null;
      try {
        fetched = fetch(started, round);
      } finally {
        if (fetched == null) {
          seats.giveBack();
        }
      }
      if (fetched != null) {
        return fetched;
      }
    } while (System.nanoTime() - deadline < 0);
    throw noneFree(start);
  }

  /** Waits for a seat, and for the connection that it needs. */
  private void takeSeat(@Nullable Borrower borrower, long start, long deadline)
      throws SQLException {
    if (seats.tryTake()) {
      return;
    }
    // Not as of the start: it may have taken long to find out that an idle one is dead.
    Probe probe = passGates(System.nanoTime());
    boolean probes = probe != Probe.NONE;
    boolean hurries = gates.areOpen();
    boolean connects = false;
    try {
      Seat seat = seats.await(borrower, probes, start, hurries ? soon(deadline) : deadline);
      if (seat == null && hurries && !gates.areOpen()) {
        // Another one has connected meanwhile, so that this one may wait like everyone.
        hurries = false;
        seat = seats.await(borrower, false, start, deadline);
      }
      if (seat == null) {
        throw noneFree(start);
      }
      if (!seat.isOpen()) {
        connects = true;
        Objects.requireNonNull(connector).open(seat, probe, hurries ? soon(deadline) : deadline);
      }
    } catch (TooManyWaitingException e) {
      throw unavailable(
          "no connection to %s is free, and no more than %d threads may wait for one: %s"
              .formatted(database, settings.maximumWaiting(), seats.remedy()),
          start,
          null,
          e);
    } catch (DeadlockException e) {
      throw new BorrowDeadlockException(
          "no connection to %s can become free, since all who could give one back wait for another one: %s, or need fewer at a time (pool %s, %s)"
              .formatted(database, seats.remedy(), name, seats.describe()));
    } catch (TimeoutException e) {
      if (hurries) {
        throw turnedAway(start);
      }
      throw unavailable(
          "no connection to %s was made in time: see whether it answers, or raise the borrow timeout"
              .formatted(database),
          start,
          null,
          e);
    } catch (ExecutionException e) {
      throw notConnected(start, Objects.requireNonNullElse(e.getCause(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseUnavailableException(
          "interrupted while waiting for a connection of pool %s".formatted(name), null, e);
    } finally {
      if (!connects) {
        gates.leave(probe, System.nanoTime());
      }
    }
  }

  /**
   * Passes the failure gates, or is turned away.
   *
   * @return the leave to connect past those that are open, if it has that
   */
  private Probe passGates(long now) throws DatabaseUnavailableException {
    if (!gates.areOpen()) {
      return Probe.NONE;
    }
    // No driver takes longer that has its timeouts.
    long longest =
        settings.borrowTimeout().plus(settings.connectTimeout().multipliedBy(2)).toNanos();
    Probe probe = gates.tryProbe(now, now + longest);
    if (probe == null) {
      if (gates.areOpen()) {
        throw turnedAway(now);
      }
      return Probe.NONE;
    }
    if (!seats.server().isFull(seats)) {
      return probe;
    }
    // It waits for what its pool has, and all of the server may wait for what comes of the probe.
    Objects.requireNonNull(connector).probe(probe);
    return Probe.NONE;
  }

  private static long soon(long deadline) {
    long soon = System.nanoTime() + LONGEST_TRY_NANOS;
    return soon - deadline < 0 ? soon : deadline;
  }

  /**
   * Takes from HikariCP what there is a seat for.
   *
   * @return null if there is none after all, since it was closed meanwhile
   */
  private @Nullable Fetched fetch(HikariDataSource started, int round) throws SQLException {
    while (true) {
      Connection pooled;
      try {
        pooled = started.getConnection();
      } catch (SQLTransientConnectionException e) {
        // Its cause may be old. If the database can't be reached, the next seat's connect says so.
        return null;
      } catch (SQLException e) {
        if (e.getCause() instanceof InterruptedException) {
          throw new DatabaseUnavailableException(
              "interrupted while waiting for a connection of pool %s".formatted(name), null, e);
        }
        throw started.isClosed() ? closed() : e;
      }
      wakeFor(started.getHikariPoolMXBean());
      PhysicalConnection physical = PhysicalConnection.below(pooled);
      long now = nanoClock.getAsLong();
      if (physical.enter(pooled, now)) {
        return new Fetched(pooled, physical, round);
      }
      // It was closed to make room on its server.
      started.evictConnection(pooled);
    }
  }

  /** Gives a clean connection back to HikariCP; one that it can't clean is destroyed. */
  void giveBack(Fetched fetched) throws SQLException {
    Connection pooled = fetched.pooled();
    boolean returned = false;
    try {
      boolean open = !pooled.isClosed();
      pooled.close();
      returned = open;
    } finally {
      if (returned) {
        fetched.physical().leave(pooled);
      } else {
        discard(fetched);
      }
    }
  }

  /** Closes a connection for good instead of giving it back. */
  void discard(Fetched fetched) {
    fetched.physical().condemn(fetched.pooled());
    HikariDataSource started = hikari;
    if (started != null) {
      started.evictConnection(fetched.pooled());
    }
  }

  /**
   * A connection has failed in use, or none comes back: sees whether new ones can be had, which the
   * gates need to know.
   */
  void doubt() {
    Connector opening = connector;
    if (opening != null) {
      opening.test();
    }
  }

  /**
   * Has HikariCP take what was opened for those who wait in it. It does so when they begin to wait,
   * but loses some wishes when many begin at once.
   */
  private static void wakeFor(HikariPoolMXBean pool) {
    int waiting = pool.getThreadsAwaitingConnection();
    if (waiting > 0) {
      ((IBagStateListener) pool).addBagItem(waiting);
    }
  }

  private DatabaseUnavailableException noneFree(long start) {
    if (gates.areOpen()) {
      return turnedAway(start);
    }
    doubt();
    return unavailable(
        "no connection to %s became free: %s".formatted(database, seats.remedy()),
        start,
        null,
        null);
  }

  private DatabaseUnavailableException turnedAway(long start) {
    Refusal refusal = gates.refusal(System.nanoTime());
    if (refusal == null) {
      // It has been reached again just now.
      return unavailable(
          "no connection to %s could be had: try again".formatted(database), start, null, null);
    }
    return refusal.of(database, name);
  }

  private DatabaseUnavailableException notConnected(long start, Throwable cause) {
    return unavailable(
        "could not connect to %s: %s".formatted(database, ConnectFailure.reason(cause)),
        start,
        cause instanceof SQLException failure ? failure.getSQLState() : null,
        cause);
  }

  /** Returns the failure of someone who has waited, with what the pool looks like. */
  DatabaseUnavailableException unavailable(
      String why, long start, @Nullable String sqlState, @Nullable Throwable cause) {
    long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    return new DatabaseUnavailableException(
        "%s (waited %d ms; pool %s, %s)".formatted(why, waited, name, seats.describe()),
        sqlState,
        cause);
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
      connector =
          new Connector(
              drivers.forDatabase(database), database, settings, autoCommit, seats, gates, threads);
      started = WeakBags.make(configuration(new DriverDataSource(connector)));
      hikari = started;
    }
    return started;
  }

  private HikariConfig configuration(DriverDataSource opened) {
    HikariConfig config = new HikariConfig();
    DEFAULTS.copyStateTo(config);
    config.setPoolName(name);
    config.setDataSource(opened);
    config.setMaximumPoolSize(settings.maximumSize());
    config.setMinimumIdle(0);
    // Waiting is done before; when HikariCP has nothing for a seat, another one is taken.
    config.setConnectionTimeout(HIKARI_TIMEOUT_MILLIS);
    config.setValidationTimeout(settings.validationTimeout().toMillis());
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
      if (connector != null) {
        connector.close();
      }
    }
    if (started != null) {
      started.close();
      seats.closeAll();
    }
  }
}
