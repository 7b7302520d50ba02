package dev.headgate.datasource.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.util.ConcurrentBag.IBagStateListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One pool of connections to one database, from its making to its end. HikariCP's part of it is
 * made by the first borrower, outside of the registry's lock, and opens no connection before one is
 * asked for.
 */
final class Pool {

  /** The least that HikariCP allows. */
  private static final long HIKARI_TIMEOUT_MILLIS = 250;

  final LeaseCount leases = new LeaseCount();
  private final String name;
  private final Database database;
  private final Database login;
  private final PoolSettings settings;
  private final boolean autoCommit;
  private final Drivers drivers;
  private final PoolThreads threads;
  private final Seats seats;
  private final PoolEvents events;
  private final int generation;
  private final long made;
  private final Set<String> labels = ConcurrentHashMap.newKeySet(1);

  /** When a lease was last taken or given back, on the registry's clock. */
  private final AtomicLong lastUsed = new AtomicLong();

  private volatile @Nullable HikariDataSource hikari;
  private volatile @Nullable Connector connector;
  private boolean closed;

  /** Whether others with the same login have taken its place. Guarded by the registry's lock. */
  boolean retired;

  Pool(
      String name,
      Database database,
      PoolSettings settings,
      boolean autoCommit,
      Drivers drivers,
      Server server,
      PoolThreads threads,
      PoolEvents events,
      int generation,
      long now) {
    this.name = name;
    this.database = database;
    this.login = database.login();
    this.settings = settings;
    this.autoCommit = autoCommit;
    this.drivers = drivers;
    this.threads = threads;
    this.events = events;
    this.generation = generation;
    this.made = now;
    // At once, or it would pass for the least recently used one until its lease is out.
    this.lastUsed.setRelease(now);
    this.seats = new Seats(name, server, settings.maximumSize(), this::lastUsed, this::tell);
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

  Seats seats() {
    return seats;
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
   * @param borrower for whom, or null if it has no other connection
   * @throws BorrowDeadlockException if none can become free
   * @throws DatabaseUnavailableException if none could be had in time or led there, or the thread
   *     was interrupted, which it still is then
   * @throws DriverNotFoundException if no driver accepts the URL
   * @throws RegistryClosedException if the pool was closed by force, at the end of the registry
   */
  LeasedConnection borrow(@Nullable String part, @Nullable Borrower borrower) throws SQLException {
    while (true) {
      Connection pooled = take(borrower);
      boolean usable = false;
      try {
        PhysicalConnection physical = PhysicalConnection.below(pooled);
        if (physical.whereabouts().lead(part)) {
          usable = true;
          return new LeasedConnection(this, pooled, physical);
        }
        // Nothing leads there; from a new connection it is no way at all.
      } catch (NoSuchPartException e) {
        // Whoever asks for what is not there must not cost the others their connections.
        usable = giveBack(pooled);
        throw notLed(part, "", e);
      } catch (SQLException e) {
        throw notLed(part, ", and was closed", e);
      } finally {
        if (!usable) {
          condemn(pooled);
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

  /** Gives back a connection that nothing was done with. */
  private static boolean giveBack(Connection pooled) throws SQLException {
    PhysicalConnection physical = PhysicalConnection.below(pooled);
    physical.forgetBorrower();
    pooled.close();
    physical.leave(pooled);
    return true;
  }

  private static void condemn(Connection pooled) {
    try {
      PhysicalConnection.below(pooled).condemn(pooled);
    } catch (SQLException e) {
      // It is closed already, and no one's.
    }
  }

  private Connection take(@Nullable Borrower borrower) throws SQLException {
    HikariDataSource started = hikari;
    if (started == null) {
      started = start();
    }
    long start = System.nanoTime();
    long deadline = start + settings.borrowTimeout().toNanos();
    do {
      takeSeat(borrower, start, deadline);
      Connection pooled = null;
      try {
        pooled = fetch(started, borrower);
      } finally {
        if (pooled == null) {
          seats.giveBack();
        }
      }
      if (pooled != null) {
        if (borrower != null) {
          borrower.holds();
        }
        return pooled;
      }
    } while (System.nanoTime() - deadline < 0);
    throw noneFree(start);
  }

  /** Waits for a seat, and for the connection that it needs. */
  private void takeSeat(@Nullable Borrower borrower, long start, long deadline)
      throws SQLException {
    try {
      Seat seat = seats.take(borrower, start, deadline);
      if (seat == null) {
        throw noneFree(start);
      }
      if (!seat.isOpen()) {
        Objects.requireNonNull(connector).open(seat, deadline);
      }
    } catch (DeadlockException e) {
      throw new BorrowDeadlockException(
          "no connection to %s can become free, since all who could give one back wait for another one: %s, or need fewer at a time (pool %s, %s)"
              .formatted(database, seats.remedy(), name, seats.describe()));
    } catch (TimeoutException e) {
      throw unavailable(
          "no connection to %s was made in time: see whether it answers, or raise the borrow timeout"
              .formatted(database),
          start,
          null,
          e);
    } catch (ExecutionException e) {
      throw notConnected(start, Objects.requireNonNull(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseUnavailableException(
          "interrupted while waiting for a connection of pool %s".formatted(name), null, e);
    }
  }

  /**
   * Takes from HikariCP what there is a seat for.
   *
   * @return null if there is none after all, since it was closed meanwhile
   */
  private @Nullable Connection fetch(HikariDataSource started, @Nullable Borrower borrower)
      throws SQLException {
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
      if (PhysicalConnection.below(pooled).enter(pooled, borrower)) {
        return pooled;
      }
      // It was closed to make room on its server.
      started.evictConnection(pooled);
    }
  }

  /** Closes a borrowed connection for good instead of giving it back. */
  void discard(Connection connection) {
    HikariDataSource started = hikari;
    if (started != null) {
      started.evictConnection(connection);
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
    return unavailable(
        "no connection to %s became free: %s".formatted(database, seats.remedy()),
        start,
        null,
        null);
  }

  private DatabaseUnavailableException notConnected(long start, Throwable cause) {
    return unavailable(
        "could not connect to %s: %s".formatted(database, reason(cause)),
        start,
        cause instanceof SQLException failure ? failure.getSQLState() : null,
        cause);
  }

  private DatabaseUnavailableException unavailable(
      String why, long start, @Nullable String sqlState, @Nullable Throwable cause) {
    long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    return new DatabaseUnavailableException(
        "%s (waited %d ms; pool %s, %s)".formatted(why, waited, name, seats.describe()),
        sqlState,
        cause);
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
      connector =
          new Connector(drivers.forDatabase(database), database, autoCommit, seats, threads);
      started = new HikariDataSource(configuration(new DriverDataSource(connector)));
      hikari = started;
    }
    return started;
  }

  private HikariConfig configuration(DriverDataSource opened) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setDataSource(opened);
    config.setMaximumPoolSize(settings.maximumSize());
    config.setMinimumIdle(0);
    // Waiting is done before; when HikariCP has nothing for a seat, another one is taken.
    config.setConnectionTimeout(HIKARI_TIMEOUT_MILLIS);
    // Of one that is dead the borrower hears in time to take another.
    config.setValidationTimeout(
        Math.max(HIKARI_TIMEOUT_MILLIS, settings.borrowTimeout().toMillis() / 4));
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

  List<String> labels() {
    List<String> sorted = new ArrayList<>(labels);
    sorted.sort(null);
    return List.copyOf(sorted);
  }

  Optional<String> server() {
    return Optional.ofNullable(seats.server().name());
  }

  private void tell(PoolEvent.Kind kind) {
    events.tell(this, kind);
  }

  /**
   * Describes it as it was seen.
   *
   * @param now when, on the registry's clock
   */
  PoolSnapshot snapshot(PoolPhase phase, int held, Seats.Counts counts, long now) {
    // It may have been used since then.
    Duration sinceUse = Duration.ofNanos(Math.max(0, now - lastUsed()));
    return new PoolSnapshot(
        name,
        database,
        labels(),
        phase,
        held,
        counts.active(),
        counts.idle(),
        counts.waiting(),
        generation,
        server(),
        settings.maximumSize(),
        Duration.ofNanos(now - made),
        sinceUse);
  }
}
