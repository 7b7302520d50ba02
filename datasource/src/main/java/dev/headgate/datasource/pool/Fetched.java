package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A connection that HikariCP has given to a pool, for which there is a seat, until it goes back to
 * HikariCP or is closed. Meanwhile one after the other may have it, and between two of them it
 * stands by.
 *
 * <p>Used by one thread at a time, the one that has it; {@link #tryTake} by any.
 */
final class Fetched extends CacheLine {

  /** In place of a slot, for one that has none. */
  static final int NO_SLOT = -1;

  private static final AtomicIntegerFieldUpdater<Fetched> STANDS_BY =
      AtomicIntegerFieldUpdater.newUpdater(Fetched.class, "standsBy");

  private final Connection pooled;
  private final PhysicalConnection physical;
  private final int round;
  private int slot = NO_SLOT;

  /** 1 while it stands by. */
  private volatile int standsBy;

  /**
   * Makes one.
   *
   * @param pooled HikariCP's view of it
   * @param physical what is below that
   * @param round in which round of {@link StandbyWatch}; in the next one HikariCP has to have it
   *     again
   */
  Fetched(Connection pooled, PhysicalConnection physical, int round) {
    this.pooled = pooled;
    this.physical = physical;
    this.round = round;
  }

  Connection pooled() {
    return pooled;
  }

  PhysicalConnection physical() {
    return physical;
  }

  int round() {
    return round;
  }

  /** Returns its place among those of its pool that may stand by, or {@link #NO_SLOT}. */
  int slot() {
    return slot;
  }

  void slot(int place) {
    slot = place;
  }

  /** From now on anyone may take it. */
  void standBy() {
    standsBy = 1;
  }

  boolean standsBy() {
    return standsBy == 1;
  }

  /** Becomes the one thread's that is told so. */
  boolean tryTake() {
    return standsBy == 1 && STANDS_BY.compareAndSet(this, 1, 0);
  }
}
