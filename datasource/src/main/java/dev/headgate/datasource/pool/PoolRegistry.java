package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pools of an application: one for each {@link Database}, made when it is first leased. Those
 * that differ only in schema or catalog have one together.
 *
 * <p>Only so many pools give leases at a time. For one more, the least recently used pool that no
 * one leases is closed; if all are leased, the least recently used one drains, which means that it
 * gives no more leases and closes with the last one. What was used within half a second counts as
 * used at the same time. Pools that no one has leased for a while expire. A pool that is leased is
 * never closed, save by {@link #close()} after its deadline.
 *
 * <p>Can be used alone, as a registry of connection pools by address. Safe for use by many threads;
 * leasing a pool that is open takes no lock.
 */
public final class PoolRegistry implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PoolRegistry.class);
  private static final AtomicInteger registries = new AtomicInteger();

  private final String name = "headgate-" + registries.incrementAndGet();
  private final PoolSettings defaults;
  private final boolean autoCommit;
  private final int maximumPools;
  private final long idleExpiryNanos;
  private final Duration closeTimeout;
  private final LongSupplier nanoClock;
  private final PoolThreads threads = new PoolThreads(name);
  private final PoolEvents events;

  /** Null if nobody wants to hear of connections that are held for long. */
  private final @Nullable Holdings holdings;

  private final StandbyWatch watch;
  private final Servers servers;

  /** Every pool that is not closed. Read without the lock, written with it. */
  private final ConcurrentHashMap<Database, Pool> pools = new ConcurrentHashMap<>();

  /** Guards what follows, and every change of a pool's phase but the last release. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition poolGone = lock.newCondition();

  /** The class loader of the application that made this registry, whose drivers are used. */
  private final @Nullable ClassLoader applicationLoader =
      Thread.currentThread().getContextClassLoader();

  /** How many pools there are with the same settings. */
  private final Map<PoolSettings, Integer> settingsUsed = new HashMap<>();

  private @Nullable Drivers drivers;
  private int open;
  private int closing;
  private boolean closed;

  /** Whether the close timeout is over, and what was still leased then has been closed. */
  private boolean forced;

  private final Tally tally = new Tally();

  private PoolRegistry(Builder builder) {
    defaults = builder.settings;
    autoCommit = builder.autoCommit;
    maximumPools = builder.maximumPools;
    idleExpiryNanos = builder.idleExpiry.toNanos();
    closeTimeout = builder.closeTimeout;
    nanoClock = builder.nanoClock;
    events = new PoolEvents(builder.listeners, threads);
    servers = builder.servers();
    watch = new StandbyWatch(threads, nanoClock, this::standDown);
    long period = Math.max(TimeUnit.MILLISECONDS.toNanos(50), idleExpiryNanos / 10);
    ScheduledFuture<?> unused = // it ends with the scheduler
        threads
            .scheduler()
            .scheduleWithFixedDelay(this::expireAgain, period, period, TimeUnit.NANOSECONDS);
    holdings =
        builder.reportHeldAfter == null ? null : new Holdings(builder.reportHeldAfter, nanoClock);
    if (holdings != null) {
      ScheduledFuture<?> ignored =
          threads
              .scheduler()
              .scheduleWithFixedDelay(
                  holdings::reportAgain,
                  holdings.period(),
                  holdings.period(),
                  TimeUnit.NANOSECONDS);
    }
  }

  /** Starts the description of a registry; every setting has a default. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Leases the pool of a database. Opens no connection.
   *
   * @throws PoolConflictException if there is a pool for the same address, user and driver
   *     properties with other settings
   * @throws PoolTooLargeException if the pool may become larger than the budget of its server
   * @throws RegistryClosedException if this registry was closed
   */
  public Lease lease(Database database) throws SQLException {
    Database completed = database.withDefaults(defaults);
    return new Lease(this, acquire(completed.whole()), completed, null, null);
  }

  /**
   * Leases the pool of a database on behalf of someone, whom the snapshot then names.
   *
   * @param label for whom the pool is leased; the pool remembers each different one as long as it
   *     lives
   * @throws PoolConflictException as {@link #lease(Database)} does
   * @throws RegistryClosedException as {@link #lease(Database)} does
   */
  public Lease lease(Database database, String label) throws SQLException {
    return lease(database, label, null);
  }

  /**
   * Leases the pool of a database on behalf of someone, for work that has a name.
   *
   * @param label for whom the pool is leased, as above
   * @param work returns what the connections are for, such as method and path of a request; null if
   *     there is nothing to say. It is asked on the thread that borrows, if connections that are
   *     held for long are reported
   * @throws PoolConflictException as {@link #lease(Database)} does
   * @throws RegistryClosedException as {@link #lease(Database)} does
   */
  public Lease lease(Database database, String label, @Nullable Supplier<String> work)
      throws SQLException {
    Database completed = database.withDefaults(defaults);
    Pool pool = acquire(completed.whole());
    pool.label(label);
    return new Lease(this, pool, completed, label, work);
  }

  @Nullable Holdings holdings() {
    return holdings;
  }

  /**
   * Leases the pool of a database and borrows a connection from it, as {@link #lease(Database,
   * String)} and {@link Lease#getConnection()} do. The lease goes back with the connection: with
   * its {@code close()}, with {@link #giveBack} or with {@link #discard}.
   *
   * @param label for whom the pool is leased
   * @param borrower who may have other connections, or null
   * @param work says what it is for, for reports; null for nothing
   * @throws BorrowDeadlockException as {@link Lease#getConnection(Borrower)} does
   * @throws PoolConflictException as {@link #lease(Database)} does
   * @throws PoolTooLargeException as {@link #lease(Database)} does
   * @throws RegistryClosedException as {@link #lease(Database)} does
   * @throws DatabaseUnavailableException as {@link Lease#getConnection()} does
   * @throws DriverNotFoundException if no driver accepts the database's URL
   */
  public Connection borrow(
      Database database, String label, @Nullable Borrower borrower, @Nullable Supplier<String> work)
      throws SQLException {
    Objects.requireNonNull(label, "label");
    Database completed = database.withDefaults(defaults);
    Database whole = completed.whole();
    Pool pool = pools.get(whole);
    Fetched standby = pool == null ? null : standby(pool);
    if (pool == null || standby == null) {
      pool = acquire(whole);
    }
    LeasedConnection connection = null;
    try {
      pool.label(label);
      connection = pool.borrow(standby, completed.part(), borrower);
      connection.keepLease(this);
      if (holdings != null) {
        connection.heldAs(holdings.begin(pool.name(), label, work));
      }
      return connection;
    } finally {
      if (connection == null) {
        release(pool);
      }
    }
  }

  /**
   * Gives back a connection of {@link #borrow}, in place of closing it. That is cheaper, since it
   * stands by for a moment for whoever borrows the next one, and nothing is asked of the database:
   * the caller has closed all its statements and ended its transaction, and nobody uses it any
   * more. What was changed on the connection itself is changed back, as {@link Connection#close()}
   * does. Does nothing if it was closed.
   *
   * @throws IllegalArgumentException if it was not borrowed here
   */
  public void giveBack(Connection connection) throws SQLException {
    LeasedConnection leased = own(connection);
    Fetched clean = leased.handBack();
    if (clean != null) {
      release(leased.pool(), clean);
    }
  }

  /**
   * Destroys a connection of {@link #borrow}, in place of closing it: for one whose state is in
   * doubt. Does nothing if it was closed.
   *
   * @throws IllegalArgumentException if it was not borrowed here
   */
  public void discard(Connection connection) throws SQLException {
    LeasedConnection leased = own(connection);
    leased.condemn();
    leased.close();
  }

  private LeasedConnection own(Connection connection) {
    if (!(connection instanceof LeasedConnection leased) || !leased.keepsLease(this)) {
      throw new IllegalArgumentException("%s was not borrowed from %s".formatted(connection, name));
    }
    return leased;
  }

  /** Takes a connection that stands by, with its lease. */
  private @Nullable Fetched standby(Pool pool) {
    Fetched standby = pool.takeStandby();
    if (standby == null) {
      return null;
    }
    if (pool.leases.phase() != PoolPhase.OPEN || standby.round() != pool.round) {
      end(pool, standby);
      return null;
    }
    return standby;
  }

  private Pool acquire(Database database) throws SQLException {
    Pool pool = pools.get(database);
    if (pool != null && pool.leases.tryAcquire()) {
      pool.usedAgain(nanoClock.getAsLong());
      return pool;
    }
    Pool other = acquireLocked(database);
    other.used(nanoClock.getAsLong());
    return other;
  }

  private Pool acquireLocked(Database database) throws SQLException {
    lock.lock();
    try {
      if (closed) {
        throw new RegistryClosedException(
            "the pools of %s are closed: the application is shutting down".formatted(name));
      }
      Pool pool = pools.get(database);
      if (pool != null && pool.leases.tryAcquire()) {
        return pool;
      }
      if (pool != null && pool.leases.phase() == PoolPhase.DRAINING) {
        refuseConflict(database, pool.settings());
        makeRoom();
        if (pool.leases.tryRevive()) {
          pool.retired = false;
          open++;
          tally.revived();
          pool.used(nanoClock.getAsLong());
          events.tell(pool, PoolEvent.Kind.REVIVED);
          log.info("{}: revived", pool.name());
          return pool;
        }
      }
      return make(database);
    } finally {
      lock.unlock();
    }
  }

  private Pool make(Database database) throws SQLException {
    PoolSettings settings = database.pool().orElse(defaults);
    refuseConflict(database, settings);
    Server server = servers.of(database, settings);
    makeRoom();
    if (drivers == null) {
      drivers = new Drivers(applicationLoader);
    }
    Pool pool =
        new Pool(
            name + "-pool-" + tally.made(),
            database,
            settings,
            autoCommit,
            drivers,
            server,
            threads,
            events,
            tally.generation(database),
            nanoClock,
            this::standDown);
    pools.put(database, pool);
    settingsUsed.merge(settings, 1, Integer::sum);
    open++;
    events.tell(pool, PoolEvent.Kind.MADE);
    log.info("{}: made for {}", pool.name(), database);
    return pool;
  }

  private void refuseConflict(Database database, PoolSettings settings)
      throws PoolConflictException {
    if (settingsUsed.isEmpty()
        || (settingsUsed.size() == 1 && settingsUsed.containsKey(settings))) {
      // As in most applications, and then it need not be found out for each pool there is.
      return;
    }
    Database login = database.login();
    for (Pool pool : pools.values()) {
      if (!pool.settings().equals(settings)
          && !pool.retired
          && pool.login().equals(login)
          && pool.leases.phase() != PoolPhase.CLOSED) {
        throw new PoolConflictException(
            "%s was asked for with %s, and its pool %s has %s: use it with the same settings everywhere"
                .formatted(database, settings, pool.name(), pool.settings()),
            pool.database());
      }
    }
  }

  /** Evicts until one more pool may be open. */
  private void makeRoom() {
    while (open >= maximumPools) {
      evictOne();
    }
  }

  private void evictOne() {
    Optional<Pool> unleased = leastRecentlyUsed(pool -> !pool.isLeased());
    if (unleased.isPresent()) {
      Pool victim = unleased.get();
      standDown(victim);
      // Another thread may lease it at this moment; then the next one is looked for.
      if (victim.leases.tryClose()) {
        evicted(victim, EvictionReason.BOUND);
        log.info("{}: evicted, {} is the bound", victim.name(), maximumPools);
        bury(victim);
      }
      return;
    }
    Pool victim = leastRecentlyUsed(pool -> true).orElseThrow();
    evicted(victim, EvictionReason.BOUND);
    retireNow(victim);
    log.info("{}: evicted while in use, drains", victim.name());
  }

  private void evicted(Pool pool, EvictionReason reason) {
    open--;
    tally.evicted(reason);
    events.tellEvicted(pool, reason);
  }

  /**
   * Lets the pool of a database go, if there is one: it gives no more leases, and closes with the
   * last one. Other settings for the same login are no conflict with it then.
   */
  public void retire(Database database) {
    retire(database, EvictionReason.REQUESTED);
  }

  /** Lets the pool of a database go, as {@link #retire(Database)} does, for this reason. */
  public void retire(Database database, EvictionReason reason) {
    Objects.requireNonNull(reason, "reason");
    lock.lock();
    try {
      Pool pool = pools.get(key(database));
      if (pool == null) {
        return;
      }
      pool.retired = true;
      if (pool.leases.phase() == PoolPhase.OPEN) {
        evicted(pool, reason);
        log.info("{}: retired, {}", pool.name(), reason);
        retireNow(pool);
      }
    } finally {
      lock.unlock();
    }
  }

  void retireNow(Pool pool) {
    if (pool.leases.retire() == PoolPhase.CLOSED) {
      bury(pool);
    } else {
      // After the line before: whoever has one stand by meanwhile sees it, or is seen here.
      standDown(pool);
    }
  }

  /** Returns for whom the pool of a database was leased; nobody if there is none. */
  public List<String> labels(Database database) {
    Pool pool = pools.get(key(database));
    return pool == null ? List.of() : pool.labels();
  }

  /** Returns whether two databases have the same pool here. */
  public boolean samePool(Database one, Database other) {
    return key(one).equals(key(other));
  }

  private Database key(Database database) {
    return database.withDefaults(defaults).whole();
  }

  private Optional<Pool> leastRecentlyUsed(Predicate<Pool> which) {
    return pools.values().stream()
        .filter(pool -> pool.leases.phase() == PoolPhase.OPEN)
        .filter(which)
        .min(Comparator.comparing(Pool::lastUsed, PoolRegistry::compareTimes));
  }

  /** Compares two readings of a nanosecond clock, which may overflow. */
  private static int compareTimes(long one, long other) {
    return Long.signum(one - other);
  }

  void release(Pool pool) {
    pool.used(nanoClock.getAsLong());
    releaseUnused(pool);
  }

  /** Gives back a lease and a connection with it, which stands by for the next of both. */
  void release(Pool pool, Fetched connection) {
    if (pool.isWanted() || !pool.standBy(connection)) {
      pool.used(nanoClock.getAsLong());
      end(pool, connection);
      return;
    }
    watch.standsBy(pool);
    // Again: whoever retires the pool or waits says so before looking at what stands by.
    if (pool.isWanted()) {
      standDown(pool);
    }
  }

  /** Gives back what stands by, with the leases. */
  void standDown(Pool pool) {
    for (Fetched left = pool.takeStandby(); left != null; left = pool.takeStandby()) {
      end(pool, left);
    }
  }

  private void end(Pool pool, Fetched connection) {
    try {
      pool.giveBack(connection);
    } catch (SQLException | RuntimeException e) {
      log.debug("{}: a connection could not be given back", pool.name(), e);
    } finally {
      releaseUnused(pool);
    }
  }

  private void releaseUnused(Pool pool) {
    if (pool.leases.release()) {
      lock.lock();
      try {
        events.tell(pool, PoolEvent.Kind.DRAINED);
        bury(pool);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Forgets a pool that has just become closed, and closes its connections on another thread. */
  private void bury(Pool pool) {
    if (pools.remove(pool.database(), pool)) {
      settingsUsed.computeIfPresent(
          pool.settings(), (same, count) -> count == 1 ? null : count - 1);
    }
    closing++;
    threads.close(
        () -> {
          try {
            pool.close();
            log.debug("{}: closed", pool.name());
          } catch (RuntimeException e) {
            log.warn("{}: closing failed", pool.name(), e);
          } finally {
            lock.lock();
            try {
              closing--;
              tally.closed();
              events.tell(pool, PoolEvent.Kind.CLOSED);
              poolGone.signalAll();
            } finally {
              lock.unlock();
            }
          }
        });
  }

  /** As {@link #expireIdle()}, which a scheduler would never run again after a failure. */
  private void expireAgain() {
    try {
      expireIdle();
      events.reportDropped();
    } catch (RuntimeException | Error e) {
      log.error("{}: looking for idle pools failed, and is tried again", name, e);
    }
  }

  /** Closes the pools that no one has leased for the idle expiry. */
  void expireIdle() {
    long now = nanoClock.getAsLong();
    lock.lock();
    try {
      for (Pool pool : pools.values()) {
        if (now - pool.lastUsed() < idleExpiryNanos) {
          continue;
        }
        if (pool.leases.tryClose()) {
          tally.expired();
          open--;
          events.tell(pool, PoolEvent.Kind.EXPIRED);
          log.info("{}: expired, unused for {} s", pool.name(), idleExpiryNanos / 1_000_000_000);
          bury(pool);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns what is there now. */
  public RegistrySnapshot snapshot() {
    return census().snapshot();
  }

  private Census census() {
    lock.lock();
    try {
      // What no one uses is idle.
      pools.values().forEach(this::standDown);
      return new Census(
          pools.values(),
          servers.named(),
          tally.totals(events.dropped()),
          holdings,
          nanoClock.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives no more leases, closes the pools that no one leases, waits for the others until the close
   * timeout, and then closes them too, which aborts what still runs on them and is not waited for:
   * it may hang. Closing twice does no harm.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        log.info("{}: closes, and waits up to {} for {} leases", name, closeTimeout, leases());
        for (Pool pool : pools.values()) {
          if (pool.leases.phase() == PoolPhase.OPEN) {
            open--;
            retireNow(pool);
          }
        }
      }
      awaitPoolsGone();
      if (!forced) {
        forced = true;
        log.info("{}: closed with {} leases still held", name, leases());
        for (Pool pool : pools.values()) {
          log.warn("{}: closed with {} leases still held", pool.name(), pool.leases.leases());
          threads.close(pool::close);
        }
      }
    } finally {
      lock.unlock();
    }
    threads.close();
    events.close();
  }

  private int leases() {
    return pools.values().stream().mapToInt(pool -> pool.leases.leases()).sum();
  }

  private void awaitPoolsGone() {
    long left = closeTimeout.toNanos();
    try {
      while (!forced && (!pools.isEmpty() || closing > 0) && left > 0) {
        left = poolGone.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the name with which the names of its pools and threads begin. */
  @Override
  public String toString() {
    return name;
  }

  /** Describes a registry. Not safe for use by several threads. */
  public static final class Builder {

    private PoolSettings settings = PoolSettings.defaults();
    private boolean autoCommit;
    private int maximumPools = 50;
    private Duration idleExpiry = Duration.ofMinutes(10);
    private Duration closeTimeout = Duration.ofSeconds(10);
    private final Map<String, Integer> budgets = new HashMap<>();
    private @Nullable Integer budget;
    private Duration patience = Duration.ofMillis(20);
    private @Nullable Duration reportHeldAfter;
    private final List<PoolListener> listeners = new ArrayList<>();
    private LongSupplier nanoClock = System::nanoTime;

    private Builder() {}

    /** Sets the pool settings of databases that have none of their own. */
    public Builder settings(PoolSettings settings) {
      this.settings = Objects.requireNonNull(settings, "settings");
      return this;
    }

    /** Sets whether connections are in auto-commit mode when they are borrowed; not by default. */
    public Builder autoCommit(boolean autoCommit) {
      this.autoCommit = autoCommit;
      return this;
    }

    /**
     * Sets how many pools may give leases at a time; 50 by default.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder maximumPools(int maximumPools) {
      if (maximumPools < 1) {
        throw new IllegalArgumentException(
            "maximum pools %d: at least one pool is needed".formatted(maximumPools));
      }
      this.maximumPools = maximumPools;
      return this;
    }

    /**
     * Sets after what time without a lease a pool is closed; 10 minutes by default. A pool may stay
     * a tenth of it longer.
     *
     * @throws IllegalArgumentException if it is not positive, or above 365 days
     */
    public Builder idleExpiry(Duration idleExpiry) {
      this.idleExpiry = bounded("idle expiry", idleExpiry);
      return this;
    }

    /**
     * Sets how long {@link PoolRegistry#close()} waits for leases; 10 seconds by default.
     *
     * @throws IllegalArgumentException if it is not positive, or above 365 days
     */
    public Builder closeTimeout(Duration closeTimeout) {
      this.closeTimeout = bounded("close timeout", closeTimeout);
      return this;
    }

    /**
     * Sets how many connections all pools together may have open to one server, for each server
     * that has no budget of its own; 80 by default, or the maximum size of a pool if that is more.
     * A server is host and port of the URL; databases without a host, which are embedded, have no
     * budget.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder budget(int connections) {
      this.budget = positive(connections);
      return this;
    }

    /**
     * Sets how many connections all pools together may have open to a server.
     *
     * @param server host and port as in the URL, such as {@code db.example.com:5432}, or the name
     *     that a {@link Database} gives its server
     * @throws IllegalArgumentException if the number is less than 1
     */
    public Builder budget(String server, int connections) {
      budgets.put(Objects.requireNonNull(server, "server"), positive(connections));
      return this;
    }

    private static int positive(int connections) {
      if (connections < 1) {
        throw new IllegalArgumentException(
            "budget %d: at least one connection is needed".formatted(connections));
      }
      return connections;
    }

    /**
     * Sets how long someone waits for a connection to a server before a connection that another
     * pool gets back is closed for them, although that pool has waiters of its own; 20 milliseconds
     * by default.
     *
     * @throws IllegalArgumentException if it is not positive, or above 365 days
     */
    public Builder patience(Duration patience) {
      this.patience = bounded("patience", patience);
      return this;
    }

    /**
     * Has connections reported that are held for longer than this: in the log, once each, with for
     * whom and where they were taken, and in the snapshot as long as they are held. Not by default,
     * since each borrow then notes where it is, which takes some microseconds.
     *
     * @throws IllegalArgumentException if it is not positive, or above 365 days
     */
    public Builder reportHeldAfter(Duration duration) {
      this.reportHeldAfter = bounded("report held after", duration);
      return this;
    }

    /** Adds someone who hears what happens to the pools. */
    public Builder listener(PoolListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    private Servers servers() {
      return new Servers(settings.maximumSize(), budget, budgets, patience);
    }

    /** Sets the clock that tells when a pool was last used: nanoseconds from any origin. */
    Builder nanoClock(LongSupplier nanoClock) {
      this.nanoClock = nanoClock;
      return this;
    }

    private static Duration bounded(String name, Duration value) {
      if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(365)) > 0) {
        throw new IllegalArgumentException(
            "%s %s: it has to be positive and at most 365 days".formatted(name, value));
      }
      return value;
    }

    /**
     * Returns the registry as described so far.
     *
     * @throws IllegalArgumentException if a pool may become larger than a budget
     */
    public PoolRegistry build() {
      return new PoolRegistry(this);
    }
  }
}
