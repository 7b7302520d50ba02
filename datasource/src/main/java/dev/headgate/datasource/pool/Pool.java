package dev.headgate.datasource.pool;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pool of connections to one database, from its making to its end: who uses it and when, what
 * stands by, and where its connections are led.
 */
final class Pool implements Seats.Owner {

  /** What the registry does for its pools. */
  interface Keeper {

    /** Gives back what stands by. */
    void standDown(Pool pool);
  }

  private static final Logger log = LoggerFactory.getLogger(Pool.class);

  private static final AtomicLongFieldUpdater<Pool> LAST_USED =
      AtomicLongFieldUpdater.newUpdater(Pool.class, "lastUsed");

  final Leases leases = new Leases();
  private final String name;
  private final Database database;
  private final PoolSettings settings;
  private final boolean autoCommit;
  private final LongSupplier nanoClock;
  private final Seats seats;
  private final Gates gates;
  private final PooledConnections connections;
  private final PoolEvents events;
  private final Keeper keeper;
  private final int generation;
  private final long made;

  /** For whom it was leased; replaced by one that can grow when there are several. */
  private volatile Set<String> labels = Set.of();

  /** The label of last time, of whatever thread. */
  private @Nullable String lastLabel;

  /**
   * When a lease was last taken or given back without a connection that stands by, or a round of
   * what stands by has ended.
   */
  private volatile long lastUsed;

  /**
   * Whether it was used so shortly after the use before that what stands by will be taken. Any
   * thread may see an old value.
   */
  private boolean usedOften;

  /** Whether it was said that its connections can't be cleared. Any thread may see an old value. */
  private boolean warned;

  /** Whether some connection has stood by in this round. Set by {@link StandbyWatch} alone. */
  volatile boolean watched;

  /** The round that {@link StandbyWatch} has begun; different from all before. */
  volatile int round;

  /** Whether others with the same login have taken its place. Guarded by the registry's lock. */
  boolean retired;

  /** Whether the directory names another database for those who had it. As for the one above. */
  boolean replaced;

  /**
   * Makes a pool.
   *
   * @param nanoClock the registry's clock
   * @param keeper the registry's part that has made it
   */
  Pool(
      String name,
      Database database,
      PoolSettings settings,
      boolean autoCommit,
      Drivers drivers,
      Server server,
      Gates gates,
      PoolThreads threads,
      PoolEvents events,
      int generation,
      LongSupplier nanoClock,
      Keeper keeper) {
    this.name = name;
    this.database = database;
    this.settings = settings;
    this.gates = gates;
    this.autoCommit = autoCommit;
    this.events = events;
    this.generation = generation;
    this.nanoClock = nanoClock;
    this.keeper = keeper;
    this.made = nanoClock.getAsLong();
    // At once, or it would pass for the least recently used one until its lease is out.
    this.lastUsed = made;
    this.seats = new Seats(name, server, settings.maximumSize(), settings.maximumWaiting(), this);
    this.connections =
        new PooledConnections(
            name, database, settings, autoCommit, drivers, threads, nanoClock, seats, gates);
  }

  Database database() {
    return database;
  }

  Database login() {
    return database.login();
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

  /**
   * Returns when it was last used. Nobody notes it of what stands by, to save the look at the
   * clock: as long as that is watched, for half a second at most, it is now.
   */
  @Override
  public long lastUsed() {
    return watched ? nanoClock.getAsLong() : lastUsed;
  }

  void used(long now) {
    // Without waiting until other threads see it, which need not be at once.
    LAST_USED.lazySet(this, now);
  }

  /** It was leased when it was there already. */
  void usedAgain(long now) {
    usedOften = now - lastUsed() < Leases.LONGEST_STANDBY_NANOS / 2;
    used(now);
  }

  /**
   * Has a connection stand by, with the lease of its borrower.
   *
   * @return false if there is no room, or it would probably be in vain
   */
  boolean standBy(Fetched fetched) {
    return usedOften && fetched.round() == round && leases.offerStandby(fetched);
  }

  /**
   * Whether nothing may stand by, since the pool is to close, or someone waits for a connection.
   */
  boolean isWanted() {
    return leases.phase() != PoolPhase.OPEN || seats.areAwaited();
  }

  @Override
  public void standDown() {
    keeper.standDown(this);
  }

  boolean isKeptBy(Keeper other) {
    return keeper == other;
  }

  @Override
  public boolean mayConnect() {
    return !gates.areOpen();
  }

  /**
   * If that took long, it did not break before, as old ones do: the server does not answer, or what
   * is in between has forgotten a connection that was idle for long.
   */
  @Override
  public void notValid(long asked) {
    long now = System.nanoTime();
    long millis = TimeUnit.NANOSECONDS.toMillis(now - asked);
    if (millis >= PooledConnections.HIKARI_TIMEOUT_MILLIS) {
      gates.failed(
          ConnectFailure.silent("a connection gave no sign of life for %d ms".formatted(millis)),
          Probe.NONE,
          asked,
          now);
      seats.serveWaiting();
    }
  }

  Gates gates() {
    return gates;
  }

  /** Whether someone has a lease, and not only what stands by. */
  boolean isLeased() {
    return leases.leases() > leases.standingBy();
  }

  void label(String label) {
    if (!label.equals(lastLabel)) {
      if (!labels.contains(label)) {
        remember(label);
      }
      lastLabel = label;
    }
  }

  private synchronized void remember(String label) {
    Set<String> before = labels;
    if (before.isEmpty()) {
      labels = Set.of(label);
    } else if (!before.contains(label)) {
      Set<String> more = before;
      if (before.size() == 1) {
        more = ConcurrentHashMap.newKeySet();
        more.addAll(before);
        labels = more;
      }
      more.add(label);
    }
  }

  /**
   * Borrows a connection; it goes back with its {@code close()}.
   *
   * @param standby the connection to begin with, if one stood by
   * @param wanted says in which schema or catalog it has to be, and what is refused there
   * @param whom for whom it is, whose session no one else may find; null for someone without a name
   * @param borrower who waits, or null if it has no other connection
   * @throws BorrowDeadlockException if none can become free
   * @throws DatabaseUnavailableException if none could be had in time or led there, or the thread
   *     was interrupted, which it still is then
   * @throws DriverNotFoundException if no driver accepts the URL
   * @throws RegistryClosedException if the pool was closed by force, at the end of the registry
   */
  LeasedConnection borrow(
      @Nullable Fetched standby,
      Database wanted,
      @Nullable String whom,
      @Nullable Borrower borrower)
      throws SQLException {
    String part = wanted.part();
    LeasedConnection led =
        led(standby != null ? standby : connections.take(borrower, round), part, whom);
    if (led == null) {
      led = ledAnother(part, whom, borrower);
    }
    if (wanted.restrictionOrNull() != null) {
      restrict(led);
    }
    if (borrower != null) {
      borrower.holds(led);
    }
    return led;
  }

  private static void restrict(LeasedConnection led) throws SQLException {
    boolean done = false;
    try {
      led.restrict();
      done = true;
    } finally {
      if (!done) {
        led.condemn();
        led.close();
      }
    }
  }

  /** As {@link #led}, with other connections; from a new one it is no way at all. */
  private LeasedConnection ledAnother(
      @Nullable String part, @Nullable String whom, @Nullable Borrower borrower)
      throws SQLException {
    long start = System.nanoTime();
    do {
      LeasedConnection led = led(connections.take(borrower, round), part, whom);
      if (led != null) {
        return led;
      }
    } while (System.nanoTime() - start < settings.borrowTimeout().toNanos());
    throw connections.unavailable(
        "no connection to %s could be cleared of what was left in its session: see the log"
            .formatted(database),
        start,
        null,
        null);
  }

  /**
   * Leads a connection to where its borrower wants it, and clears it of what others have left.
   *
   * @return null if that can't be done with this one, and it was closed
   */
  private @Nullable LeasedConnection led(
      Fetched fetched, @Nullable String part, @Nullable String whom) throws SQLException {
    boolean usable = false;
    Whereabouts whereabouts = fetched.physical().whereabouts();
    boolean isNew = whereabouts.isNew();
    try {
      if (whereabouts.lead(part, whom)) {
        usable = true;
        return new LeasedConnection(this, fetched);
      }
      notCleared(whom);
      return null;
    } catch (NoSuchPartException e) {
      // Whoever asks for what is not there must not cost the others their connections.
      usable = true;
      giveBack(fetched);
      throw notLed(part, "", e);
    } catch (SQLException e) {
      if (isNew) {
        throw notLed(part, ", and was closed", e);
      }
      // Whatever the one before has done to it is not for the next one to pay.
      log.warn(
          "{}: a connection could not be reset for {}, and was closed: {}",
          name,
          whom == null ? "its next borrower" : whom,
          ConnectFailure.reason(e));
      return null;
    } finally {
      if (!usable) {
        discard(fetched);
      }
    }
  }

  private void notCleared(@Nullable String whom) {
    if (!warned && Dialect.of(database.url()) == null) {
      warned = true;
      log.warn(
          "{}: nobody knows how to clear a session of {}, so each connection is closed that passes to"
              + " another tenant: give each a database of its own, or set reset = schema",
          name,
          database);
    }
    log.debug("{}: a connection could not be cleared for {}, and was closed", name, whom);
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
                ConnectFailure.reason(failure)),
        failure.getSQLState(),
        failure);
  }

  /** Gives a clean connection back; one that can't be cleaned is destroyed. */
  void giveBack(Fetched fetched) throws SQLException {
    leases.vacate(fetched);
    connections.giveBack(fetched);
  }

  /** Closes a connection for good instead of giving it back. */
  void discard(Fetched fetched) {
    leases.vacate(fetched);
    connections.discard(fetched);
  }

  /** A connection has failed in use: sees whether new ones can be had. */
  void doubt() {
    connections.doubt();
  }

  /** Closes all connections; those in use are aborted. May block on the database. */
  void close() {
    connections.close();
  }

  List<String> labels() {
    List<String> sorted = new ArrayList<>(labels);
    sorted.sort(null);
    return List.copyOf(sorted);
  }

  Optional<String> server() {
    return Optional.ofNullable(seats.server().name());
  }

  @Override
  public void tell(PoolEvent.Kind kind) {
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
