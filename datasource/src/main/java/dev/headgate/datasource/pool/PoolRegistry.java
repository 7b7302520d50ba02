package dev.headgate.datasource.pool;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pools of an application: one for each {@link Database}, made when it is first leased. Those
 * that differ only in schema or catalog have one together.
 *
 * <p>Only so many pools give leases at a time. For one more, the least recently used pool that no
 * one leases is closed; if all are leased, the least recently used one drains, which means that it
 * gives no more leases and closes with the last one. Pools that no one has leased for a while
 * expire. A pool that is leased is never closed, save by {@link #close()} after its deadline.
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

  /** Every pool that is not closed. Read without the lock, written with it. */
  private final ConcurrentHashMap<Database, Pool> pools = new ConcurrentHashMap<>();

  /** Guards what follows, and every change of a pool's phase but the last release. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition poolGone = lock.newCondition();

  /** The class loader of the application that made this registry, whose drivers are used. */
  private final @Nullable ClassLoader applicationLoader =
      Thread.currentThread().getContextClassLoader();

  private @Nullable Drivers drivers;
  private int open;
  private int closing;
  private boolean closed;

  /** Whether the close timeout is over, and what was still leased then has been closed. */
  private boolean forced;

  private long made;
  private long evicted;
  private long expired;
  private long revived;

  private PoolRegistry(Builder builder) {
    defaults = builder.settings;
    autoCommit = builder.autoCommit;
    maximumPools = builder.maximumPools;
    idleExpiryNanos = builder.idleExpiry.toNanos();
    closeTimeout = builder.closeTimeout;
    nanoClock = builder.nanoClock;
    long period = Math.max(TimeUnit.MILLISECONDS.toNanos(50), idleExpiryNanos / 10);
    ScheduledFuture<?> unused = // it ends with the scheduler
        threads
            .scheduler()
            .scheduleWithFixedDelay(this::expireAgain, period, period, TimeUnit.NANOSECONDS);
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
   * @throws RegistryClosedException if this registry was closed
   */
  public Lease lease(Database database) throws SQLException {
    Database completed = database.withDefaults(defaults);
    return new Lease(this, acquire(completed.whole()), completed);
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
    Database completed = database.withDefaults(defaults);
    Pool pool = acquire(completed.whole());
    pool.label(label);
    return new Lease(this, pool, completed);
  }

  private Pool acquire(Database database) throws SQLException {
    Pool pool = pools.get(database);
    if (pool == null || !pool.leases.tryAcquire()) {
      pool = acquireLocked(database);
    }
    pool.used(nanoClock.getAsLong());
    return pool;
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
          revived++;
          pool.used(nanoClock.getAsLong());
          log.info("{}: revived", pool.name());
          return pool;
        }
      }
      return make(database);
    } finally {
      lock.unlock();
    }
  }

  private Pool make(Database database) throws PoolConflictException {
    PoolSettings settings = database.pool().orElse(defaults);
    refuseConflict(database, settings);
    makeRoom();
    if (drivers == null) {
      drivers = new Drivers(applicationLoader);
    }
    made++;
    Pool pool = new Pool(name + "-pool-" + made, database, settings, autoCommit, drivers, threads);
    // Under the lock, or it would pass for the least recently used one until its lease is out.
    pool.used(nanoClock.getAsLong());
    pools.put(database, pool);
    open++;
    log.info("{}: made for {}", pool.name(), database);
    return pool;
  }

  private void refuseConflict(Database database, PoolSettings settings)
      throws PoolConflictException {
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
    Optional<Pool> unleased = leastRecentlyUsed(pool -> pool.leases.leases() == 0);
    if (unleased.isPresent()) {
      Pool victim = unleased.get();
      // Another thread may lease it at this moment; then the next one is looked for.
      if (victim.leases.tryClose()) {
        evicted++;
        open--;
        log.info("{}: evicted, {} is the bound", victim.name(), maximumPools);
        bury(victim);
      }
      return;
    }
    Pool victim = leastRecentlyUsed(pool -> true).orElseThrow();
    evicted++;
    open--;
    if (victim.leases.retire() == PoolPhase.CLOSED) {
      bury(victim);
    }
    log.info("{}: evicted while in use, drains", victim.name());
  }

  /**
   * Lets the pool of a database go, if there is one: it gives no more leases, and closes with the
   * last one. Other settings for the same login are no conflict with it then.
   */
  public void retire(Database database) {
    lock.lock();
    try {
      Pool pool = pools.get(key(database));
      if (pool == null) {
        return;
      }
      pool.retired = true;
      if (pool.leases.phase() == PoolPhase.OPEN) {
        open--;
        log.info("{}: retired", pool.name());
        if (pool.leases.retire() == PoolPhase.CLOSED) {
          bury(pool);
        }
      }
    } finally {
      lock.unlock();
    }
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
    if (pool.leases.release()) {
      lock.lock();
      try {
        bury(pool);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Forgets a pool that has just become closed, and closes its connections on another thread. */
  private void bury(Pool pool) {
    pools.remove(pool.database(), pool);
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
        if (now - pool.lastUsed() >= idleExpiryNanos && pool.leases.tryClose()) {
          expired++;
          open--;
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
    lock.lock();
    try {
      List<PoolSnapshot> all = new ArrayList<>();
      for (Pool pool : pools.values()) {
        all.add(pool.snapshot());
      }
      all.sort(Comparator.comparing(PoolSnapshot::name, PoolRegistry::compareNames));
      return new RegistrySnapshot(
          List.copyOf(all), new RegistrySnapshot.Totals(made, evicted, expired, revived));
    } finally {
      lock.unlock();
    }
  }

  /** Orders pool-2 before pool-10. */
  private static int compareNames(String one, String other) {
    int byLength = Integer.compare(one.length(), other.length());
    return byLength != 0 ? byLength : one.compareTo(other);
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
        for (Pool pool : pools.values()) {
          if (pool.leases.phase() == PoolPhase.OPEN) {
            open--;
            if (pool.leases.retire() == PoolPhase.CLOSED) {
              bury(pool);
            }
          }
        }
      }
      awaitPoolsGone();
      if (!forced) {
        forced = true;
        for (Pool pool : pools.values()) {
          log.warn("{}: closed with {} leases still held", pool.name(), pool.leases.leases());
          threads.close(pool::close);
        }
      }
    } finally {
      lock.unlock();
    }
    threads.close();
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

    /** Returns the registry as described so far. */
    public PoolRegistry build() {
      return new PoolRegistry(this);
    }
  }
}
