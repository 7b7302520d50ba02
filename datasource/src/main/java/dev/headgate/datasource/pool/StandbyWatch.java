package dev.headgate.datasource.pool;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no connection stands by for long: HikariCP has to have it now and then, to end it
 * when it is too old. So there are rounds, at whose end it gets all that stand by. Does nothing
 * while nothing stands by.
 *
 * <p>Safe for use by many threads.
 */
final class StandbyWatch {

  private static final Logger log = LoggerFactory.getLogger(StandbyWatch.class);

  private final PoolThreads threads;
  private final LongSupplier nanoClock;
  private final Consumer<Pool> standDown;

  /** The pools with connections that stand by, or have stood by. */
  private final Queue<Pool> pools = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean due = new AtomicBoolean();
  private final AtomicInteger rounds = new AtomicInteger();

  /**
   * Makes a watch.
   *
   * @param nanoClock the registry's clock
   * @param standDown gives back what stands by in a pool
   */
  StandbyWatch(PoolThreads threads, LongSupplier nanoClock, Consumer<Pool> standDown) {
    this.threads = threads;
    this.nanoClock = nanoClock;
    this.standDown = standDown;
  }

  /** A connection of this pool stands by. */
  void standsBy(Pool pool) {
    if (!pool.watched) {
      watch(pool);
    }
  }

  private void watch(Pool pool) {
    pool.watched = true;
    pools.add(pool);
    if (due.compareAndSet(false, true)) {
      try {
        ScheduledFuture<?> unused = // it ends with the scheduler
            threads
                .scheduler()
                .schedule(this::endElsewhere, Leases.LONGEST_STANDBY_NANOS, NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // The registry has been closed meanwhile.
        end();
      }
    }
  }

  /** Not on the scheduler's thread, since a connection that is too old is closed at its return. */
  private void endElsewhere() {
    try {
      threads.run(this::end);
    } catch (OutOfMemoryError e) {
      log.warn("no thread for connections that stand by, they are ended on this one", e);
      end();
    }
  }

  /** Ends the round: all that stands by. */
  private void end() {
    due.set(false);
    int next = rounds.incrementAndGet();
    for (Pool pool = pools.poll(); pool != null; pool = pools.poll()) {
      pool.used(nanoClock.getAsLong());
      pool.round = next;
      // Before they are ended: whoever has one stand by afterwards has the pool watched again.
      pool.watched = false;
      try {
        standDown.accept(pool);
      } catch (RuntimeException | Error e) {
        log.error("{}: ending what stands by failed", pool.name(), e);
      }
    }
  }
}
