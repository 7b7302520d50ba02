package dev.headgate.datasource.pool;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which pools there are, and who leaves for another: each is made with its first lease, and closed
 * without a lease, be it at once or when the last one comes back.
 *
 * <p>Safe for use by many threads. Leasing a pool that is open takes no lock.
 */
final class Pools implements Pool.Keeper {

  private static final Logger log = LoggerFactory.getLogger(PoolRegistry.class);

  private final String name;
  private final PoolSettings defaults;
  private final boolean autoCommit;
  private final int maximum;
  private final long idleExpiryNanos;
  private final LongSupplier nanoClock;
  private final PoolThreads threads;
  private final PoolEvents events;
  private final StandbyWatch watch;
  private final Servers servers;
  private final FailureGates gates;

  /** Every pool that is not closed. Read without the lock, written with it. */
  private final ConcurrentHashMap<Database, Pool> pools = new ConcurrentHashMap<>();

  /** Guards what follows, and every change of a pool's phase but the last release. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition poolGone = lock.newCondition();

  /** The class loader of the application that made the registry, whose drivers are used. */
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

  Pools(String name, PoolRegistry.Builder described, PoolThreads threads, PoolEvents events) {
    this.name = name;
    this.threads = threads;
    this.events = events;
    defaults = described.settings;
    autoCommit = described.autoCommit;
    maximum = described.maximumPools;
    idleExpiryNanos = described.idleExpiry.toNanos();
    nanoClock = described.nanoClock;
    servers = described.servers();
    gates = new FailureGates(described.longestRetryInterval);
    watch = new StandbyWatch(threads, nanoClock, this::standDown);
    long period = Math.max(TimeUnit.MILLISECONDS.toNanos(50), idleExpiryNanos / 10);
    ScheduledFuture<?> unused = // it ends with the scheduler
        threads
            .scheduler()
            .scheduleWithFixedDelay(this::expireAgain, period, period, TimeUnit.NANOSECONDS);
  }

  /** Returns what stands for all databases that have the same pool. */
  Database key(Database database) {
    return database.withDefaults(defaults).whole();
  }

  /** Returns the pool of a database, if there is one. */
  @Nullable Pool of(Database database) {
    Pool last = database.lastPool();
    return last != null && last.isKeptBy(this) && last.leases.phase() == PoolPhase.OPEN
        ? last
        : pools.get(key(database));
  }

  /** Takes a connection that stands by, with its lease. */
  @Nullable Fetched standby(Pool pool) {
    Fetched standby = pool.leases.takeStandby();
    if (standby == null) {
      return null;
    }
    if (pool.leases.phase() != PoolPhase.OPEN || standby.round() != pool.round) {
      end(pool, standby);
      return null;
    }
    return standby;
  }

  /** Leases the pool of a database, which is made if there is none. */
  Pool acquire(Database database) throws SQLException {
    Pool pool = of(database);
    if (pool != null && pool.leases.tryAcquire()) {
      pool.usedAgain(nanoClock.getAsLong());
    } else {
      pool = acquireLocked(key(database));
      pool.used(nanoClock.getAsLong());
    }
    database.led(pool);
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
        if (pool.replaced && pool.leases.tryJoin()) {
          // Whoever began before that ends there, and has it last no longer.
          return pool;
        }
        if (open >= maximum) {
          refuseUnreachable(database, pool.gates());
        }
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
      if (pool != null) {
        forget(pool);
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
    Gates passed = gates.of(database);
    refuseUnreachable(database, passed);
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
            passed,
            threads,
            events,
            tally.generation(database),
            nanoClock,
            this);
    pool.leases.leadTo(pool);
    gates.made(database);
    pools.put(database, pool);
    settingsUsed.merge(settings, 1, Integer::sum);
    open++;
    events.tell(pool, PoolEvent.Kind.MADE);
    log.info("{}: made for {}", pool.name(), database);
    return pool;
  }

  /** Has no pool evicted for one that is of no use. */
  private static void refuseUnreachable(Database database, Gates passed)
      throws DatabaseUnavailableException {
    long now = System.nanoTime();
    Refusal refusal = passed.refuse(now) ? passed.refusal(now) : null;
    if (refusal != null) {
      throw refusal.of(database, null);
    }
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
    while (open >= maximum) {
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
        log.info("{}: evicted, {} is the bound", victim.name(), maximum);
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

  /** Lets the pool of a database go, as {@link PoolRegistry#retire(Database)} does. */
  void retire(Database database, EvictionReason reason) {
    lock.lock();
    try {
      Pool pool = pools.get(key(database));
      if (pool == null) {
        return;
      }
      pool.retired = true;
      pool.replaced = reason == EvictionReason.REPLACED;
      if (pool.leases.phase() == PoolPhase.OPEN) {
        evicted(pool, reason);
        log.info("{}: retired, {}", pool.name(), reason);
        retireNow(pool);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has an open pool give no more leases. */
  void retireNow(Pool pool) {
    if (pool.leases.retire() == PoolPhase.CLOSED) {
      bury(pool);
    } else {
      // After the line before: whoever has one stand by meanwhile sees it, or is seen here.
      standDown(pool);
    }
  }

  private Optional<Pool> leastRecentlyUsed(Predicate<Pool> which) {
    return pools.values().stream()
        .filter(pool -> pool.leases.phase() == PoolPhase.OPEN)
        .filter(which)
        .min(Comparator.comparing(Pool::lastUsed, Pools::compareTimes));
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
  @Override
  public void standDown(Pool pool) {
    for (Fetched left = pool.leases.takeStandby(); left != null; left = pool.leases.takeStandby()) {
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

  /** A pool is not that of its database any more, unless another one is already. */
  private void forget(Pool pool) {
    if (pools.remove(pool.database(), pool)) {
      settingsUsed.computeIfPresent(
          pool.settings(), (same, count) -> count == 1 ? null : count - 1);
      gates.closed(pool.database(), pool.gates().own());
    }
  }

  /** Forgets a pool that has just become closed, and closes its connections on another thread. */
  private void bury(Pool pool) {
    forget(pool);
    pool.leases.leadNowhere();
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
      gates.forget(System.nanoTime(), idleExpiryNanos);
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
  Census census(@Nullable Holdings holdings) {
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
   * Gives no more leases, closes the pools that no one leases, waits for the others until a timeout
   * is over, and then closes them too, without waiting for that.
   */
  void close(Duration timeout) {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        log.info("{}: closes, and waits up to {} for {} leases", name, timeout, leases());
        for (Pool pool : pools.values()) {
          if (pool.leases.phase() == PoolPhase.OPEN) {
            open--;
            retireNow(pool);
          }
        }
      }
      awaitPoolsGone(timeout);
      if (!forced) {
        forced = true;
        log.info("{}: closed with {} leases still held", name, leases());
        for (Pool pool : pools.values()) {
          log.warn("{}: closed with {} leases still held", pool.name(), pool.leases.leases());
          threads.close(pool::close);
        }
        if (drivers != null) {
          drivers.close();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private int leases() {
    return pools.values().stream().mapToInt(pool -> pool.leases.leases()).sum();
  }

  private void awaitPoolsGone(Duration timeout) {
    long left = timeout.toNanos();
    try {
      while (!forced && (!pools.isEmpty() || closing > 0) && left > 0) {
        left = poolGone.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
