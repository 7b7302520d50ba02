package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Opens the connections of one pool, and has them until HikariCP takes them, which swallows
 * failures when it connects by itself. The driver is asked directly, since a pool that HikariCP
 * makes from a JDBC URL sets {@code DriverManager}'s login timeout for the whole JVM.
 */
final class Connector {

  static final long SHORTEST_PAUSE_MILLIS = 5;

  /** All pauses together are shorter than any borrow timeout then. */
  static final long LONGEST_PAUSE_MILLIS = 80;

  /** What was opened a moment ago needs no look; it is HikariCP's own bound. */
  private static final long UNCHECKED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final int VALIDATION_SECONDS = 1;

  private final Driver driver;
  private final Database database;
  private final boolean autoCommit;
  private final @Nullable Dialect dialect;
  private final PoolSettings settings;
  private final Seats seats;
  private final Gates gates;

  /** Whoever has not answered for so long is taken for hanging. */
  private final long hangingNanos;

  private final PoolThreads threads;

  /** Those that HikariCP has still to take. */
  private final Queue<PhysicalConnection> opened = new ConcurrentLinkedQueue<>();

  private volatile boolean closed;

  /**
   * Makes a connector.
   *
   * @param autoCommit the mode in which connections lie in the pool
   */
  Connector(
      Driver driver,
      Database database,
      PoolSettings settings,
      boolean autoCommit,
      Seats seats,
      Gates gates,
      PoolThreads threads) {
    this.driver = driver;
    this.database = database;
    this.autoCommit = autoCommit;
    this.dialect = Dialect.of(database.url());
    this.settings = settings;
    this.seats = seats;
    this.gates = gates;
    // Its own timeout comes too late for a borrower who can't wait for so long.
    this.hangingNanos =
        Math.min(settings.connectTimeout().toNanos(), settings.borrowTimeout().toNanos() * 3 / 4);
    this.threads = threads;
  }

  /**
   * Opens a connection for a seat, on another thread, since it may take longer than the borrower
   * can wait; it is then there for the next one.
   *
   * @param probe the leave to connect past open gates
   * @param deadline in nanoseconds of the system's clock
   * @throws TimeoutException if the deadline has passed
   * @throws ExecutionException if that failed, with the driver's failure as its cause
   */
  void open(Seat seat, Probe probe, long deadline)
      throws InterruptedException, TimeoutException, ExecutionException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    long begun = System.nanoTime();
    try {
      threads.connect(() -> open(seat, probe, done));
    } catch (RuntimeException | Error e) {
      // There is no thread for it.
      giveUp(seat);
      gates.leave(probe, System.nanoTime());
      throw e;
    }
    try {
      done.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      if (done.cancel(false)) {
        noteHanging(probe, begun);
        throw e;
      }
      done.get();
    } catch (InterruptedException e) {
      if (done.cancel(false)) {
        throw e;
      }
      try {
        done.get();
      } finally {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void noteHanging(Probe probe, long begun) {
    long now = System.nanoTime();
    if (now - begun >= hangingNanos) {
      gates.failed(
          ConnectFailure.silent(
              "no answer for %d ms".formatted(TimeUnit.NANOSECONDS.toMillis(now - begun))),
          probe,
          begun,
          now);
      // Others may wait for this pool who could only try the same.
      seats.serveWaiting();
    }
  }

  private void giveUp(Seat seat) {
    closeDisplaced(seat);
    seats.notOpened(seat.attempt());
  }

  private static void closeDisplaced(Seat seat) {
    PhysicalConnection displaced = seat.displaced();
    if (displaced != null) {
      displaced.closeDisplaced();
    }
  }

  private void open(Seat seat, Probe probe, CompletableFuture<Void> done) {
    closeDisplaced(seat);
    try {
      opened.add(open(seat, probe));
    } catch (Throwable e) {
      done.completeExceptionally(e);
      return;
    }
    closeIfTooLate();
    if (!done.complete(null)) {
      seats.giveBack();
    }
  }

  private PhysicalConnection open(Seat seat, Probe probe) throws SQLException {
    long begun = System.nanoTime();
    boolean done = false;
    try {
      DriverTimeouts timeouts = timeouts();
      PhysicalConnection connection = physical(connectedWhenThereIsRoom(timeouts), timeouts);
      done = true;
      long now = System.nanoTime();
      gates.connected(now);
      seats.connected(seat.attempt(), now - begun);
      return connection;
    } catch (SQLException | RuntimeException | Error e) {
      // Before the place is given back: it would go to the next one who tries the same.
      Throwable shown = shown(e);
      gates.failed(ConnectFailure.of(e, shown), probe, begun, System.nanoTime());
      if (shown instanceof SQLException hidden) {
        throw hidden;
      }
      throw e;
    } finally {
      if (!done) {
        seats.notOpened(seat.attempt());
      }
    }
  }

  private PhysicalConnection physical(Connection connection, DriverTimeouts timeouts)
      throws SQLException {
    try {
      // HikariCP would, and keep its failure to itself.
      if (connection.getAutoCommit() != autoCommit) {
        connection.setAutoCommit(autoCommit);
      }
      PhysicalConnection physical =
          new PhysicalConnection(connection, dialect, settings.reset(), seats);
      timeouts.loggedIn(connection);
      seats.opened(physical);
      return physical;
    } catch (SQLException | RuntimeException | Error e) {
      try {
        connection.close();
      } catch (SQLException | RuntimeException | Error later) {
        e.addSuppressed(later);
      }
      throw e;
    }
  }

  /**
   * Connects; again after a while if the server has too many connections: it may take a moment to
   * see that the one was closed whose place this one takes.
   */
  private Connection connectedWhenThereIsRoom(DriverTimeouts timeouts) throws SQLException {
    for (long pause = SHORTEST_PAUSE_MILLIS; ; pause *= 2) {
      try {
        return connected(timeouts);
      } catch (SQLException e) {
        if (pause > LONGEST_PAUSE_MILLIS || closed || !ConnectFailure.isFull(e)) {
          throw e;
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
    }
  }

  private Connection connected(DriverTimeouts timeouts) throws SQLException {
    Connection connection =
        driver.connect(database.url(), timeouts.with(database.connectionProperties()));
    if (connection == null) {
      throw new SQLException(
          "the driver %s accepted %s and then declined to connect"
              .formatted(driver.getClass().getName(), database.address()));
    }
    return connection;
  }

  /** Found out for each connection, since thousands of idle pools would keep it for nothing. */
  private DriverTimeouts timeouts() {
    return new DriverTimeouts(database, settings);
  }

  /** Returns a failure without secrets: the same, if it shows none. */
  private Throwable shown(Throwable failure) {
    Secrets secrets = new Secrets(database);
    return secrets.areShownBy(failure) ? secrets.hiddenIn(failure) : failure;
  }

  /**
   * Sees on another thread whether the server still answers, if nobody knows that, and there is a
   * place for a connection that serves no one: one that was there has failed, or none comes back,
   * which may as well be the fault of those who use them.
   */
  void test() {
    if (!closed && gates.tryTest(System.nanoTime())) {
      openApart(Probe.NONE, () -> gates.tested(System.nanoTime()));
    }
  }

  /** Probes on another thread, with a connection that serves no one, if there is a place for it. */
  void probe(Probe probe) {
    openApart(probe, () -> gates.leave(probe, System.nanoTime()));
  }

  private void openApart(Probe probe, Runnable ended) {
    if (!seats.server().tryTakePlace()) {
      ended.run();
      return;
    }
    boolean begun = false;
    try {
      threads.run(() -> openApartNow(probe, ended));
      begun = true;
    } finally {
      if (!begun) {
        endApart(ended);
      }
    }
  }

  private void openApartNow(Probe probe, Runnable ended) {
    long begun = System.nanoTime();
    try {
      Connection made = connected(timeouts());
      gates.connected(System.nanoTime());
      made.close();
    } catch (SQLException | RuntimeException e) {
      ConnectFailure failure = ConnectFailure.of(e, shown(e));
      // Otherwise it has answered, and what it has said is no news.
      if (probe != Probe.NONE || failure.reach() == ConnectFailure.Reach.SERVER) {
        gates.failed(failure, probe, begun, System.nanoTime());
      }
    } finally {
      endApart(ended);
    }
  }

  private void endApart(Runnable ended) {
    ended.run();
    // Also for those who wait in vain now.
    seats.server().givePlaceBack();
  }

  /**
   * Gives HikariCP a connection that was opened for a borrower. It also asks when a borrower has a
   * seat and finds nothing, since an idle connection turned out to be dead; then one is opened
   * here.
   *
   * @throws SQLException if there is none, or it could not be opened
   */
  PhysicalConnection take() throws SQLException {
    PhysicalConnection next = opened.poll();
    while (next != null) {
      if (next.isIdle() && isAlive(next)) {
        return next;
      }
      next = opened.poll();
    }
    // Past an open gate nobody connects, not even in place of what has turned out to be dead.
    Seat seat = closed || gates.areOpen() ? null : seats.tryGrow();
    if (seat == null) {
      throw new NothingOpenedException();
    }
    PhysicalConnection connection = open(seat, Probe.NONE);
    seats.giveBack();
    if (closed) {
      // HikariCP does not wait for long for what it connects when it closes, nor look at it later.
      connection.closeQuietly();
      throw new NothingOpenedException();
    }
    return connection;
  }

  /** Looks whether one that has lain here for a while is still good; closes it if not. */
  private static boolean isAlive(PhysicalConnection connection) throws SQLException {
    boolean alive = false;
    try {
      alive =
          System.nanoTime() - connection.opened() < UNCHECKED_NANOS
              || connection.isValid(VALIDATION_SECONDS);
    } finally {
      if (!alive) {
        connection.closeQuietly();
      }
    }
    return alive;
  }

  /** Lets no connection live that no one has taken from here, now or later: it would be lost. */
  void close() {
    closed = true;
    closeIfTooLate();
  }

  private void closeIfTooLate() {
    while (closed) {
      PhysicalConnection lost = opened.poll();
      if (lost == null) {
        return;
      }
      lost.closeQuietly();
    }
  }

  @Override
  public String toString() {
    return database.toString();
  }
}
