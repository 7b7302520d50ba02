package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

  private static final AtomicInteger registries = new AtomicInteger();

  private final String name = "headgate-" + registries.incrementAndGet();
  private final PoolSettings defaults;
  private final Duration closeTimeout;
  private final PoolThreads threads = new PoolThreads(name);
  private final PoolEvents events;

  /** Null if nobody wants to hear of connections that are held for long. */
  private final @Nullable Holdings holdings;

  private final Pools pools;

  private PoolRegistry(Builder builder) {
    defaults = builder.settings;
    closeTimeout = builder.closeTimeout;
    events = new PoolEvents(builder.listeners, threads);
    pools = new Pools(name, builder, threads, events);
    holdings =
        builder.reportHeldAfter == null
            ? null
            : new Holdings(builder.reportHeldAfter, builder.nanoClock);
    if (holdings != null) {
      ScheduledFuture<?> unused = // it ends with the scheduler
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
    return new Lease(this, pools.acquire(database), database.withDefaults(defaults), null, null);
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
    Pool pool = pools.acquire(database);
    pool.label(label);
    return new Lease(this, pool, database.withDefaults(defaults), label, work);
  }

  /** Gives back a lease. */
  void release(Pool pool) {
    pools.release(pool);
  }

  /** Closes the pools that no one has leased for the idle expiry. */
  void expireIdle() {
    pools.expireIdle();
  }

  Pools pools() {
    return pools;
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
    database.requireUsable();
    Pool pool = pools.of(database);
    Fetched standby = pool == null ? null : pools.standby(pool);
    if (pool == null || standby == null) {
      pool = pools.acquire(database);
    }
    LeasedConnection connection = null;
    try {
      pool.label(label);
      connection = pool.borrow(standby, database, label, borrower);
      connection.keepLease(this);
      if (holdings != null) {
        connection.heldAs(holdings.begin(pool.name(), label, work));
      }
      return connection;
    } finally {
      if (connection == null) {
        pools.release(pool);
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
      pools.release(leased.pool(), clean);
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
    pools.retire(database, reason);
  }

  /** Returns for whom the pool of a database was leased; nobody if there is none. */
  public List<String> labels(Database database) {
    Pool pool = pools.of(database);
    return pool == null ? List.of() : pool.labels();
  }

  /** Returns whether two databases have the same pool here. */
  public boolean samePool(Database one, Database other) {
    return pools.key(one).equals(pools.key(other));
  }

  /** Returns what is there now. */
  public RegistrySnapshot snapshot() {
    return pools.census(holdings).snapshot();
  }

  /**
   * Gives no more leases, closes the pools that no one leases, waits for the others until the close
   * timeout, and then closes them too, which aborts what still runs on them and is not waited for:
   * it may hang. Closing twice does no harm.
   */
  @Override
  public void close() {
    pools.close(closeTimeout);
    threads.close();
    events.close();
  }

  /** Returns the name with which the names of its pools and threads begin. */
  @Override
  public String toString() {
    return name;
  }

  /** Describes a registry. Not safe for use by several threads. */
  public static final class Builder {

    static final Duration IDLE_EXPIRY = Duration.ofMinutes(10);
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    static final Duration PATIENCE = Duration.ofMillis(20);
    static final Duration LONGEST_RETRY_INTERVAL = Duration.ofSeconds(5);

    PoolSettings settings = PoolSettings.defaults();
    boolean autoCommit;
    int maximumPools = 50;
    Duration idleExpiry = IDLE_EXPIRY;
    private Duration closeTimeout = CLOSE_TIMEOUT;
    private final Map<String, Integer> budgets = new HashMap<>();
    private @Nullable Integer budget;
    private Duration patience = PATIENCE;
    Duration longestRetryInterval = LONGEST_RETRY_INTERVAL;
    private @Nullable Duration reportHeldAfter;
    private final List<PoolListener> listeners = new ArrayList<>();
    LongSupplier nanoClock = System::nanoTime;

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
     * Sets how much time there is at most between two attempts to connect to what can't be
     * connected to; 5 seconds by default. After a failure the next borrower tries; then there is a
     * quarter of a second until the next attempt, and twice as long each time, give or take a
     * quarter. Meanwhile all others who need a new connection there are refused at once.
     *
     * @throws IllegalArgumentException if it is not positive, or above 365 days
     */
    public Builder longestRetryInterval(Duration interval) {
      this.longestRetryInterval = bounded("longest retry interval", interval);
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

    Servers servers() {
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
