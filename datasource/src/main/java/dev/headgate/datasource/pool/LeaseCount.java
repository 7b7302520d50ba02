package dev.headgate.datasource.pool;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * How many leases a pool has given and whether it may give more: the phase and the number in one
 * word, so that a pool cannot be closed between a look at the number and the act.
 *
 * <p>Starts open, with one lease: a pool is made for someone. Safe for use by many threads; takes
 * no lock.
 */
abstract class LeaseCount {

  private static final int CLOSED = -1;
  private static final int DRAINING = 1 << 30;

  private static final AtomicIntegerFieldUpdater<LeaseCount> WORD =
      AtomicIntegerFieldUpdater.newUpdater(LeaseCount.class, "word");

  /** {@link #CLOSED}, or the number of leases, with the bit {@link #DRAINING} set or not. */
  private volatile int word = 1;

  /** Takes a lease if the pool is open. */
  boolean tryAcquire() {
    int seen = word;
    while (phase(seen) == PoolPhase.OPEN) {
      if (WORD.compareAndSet(this, seen, seen + 1)) {
        return true;
      }
      seen = word;
    }
    return false;
  }

  /** Takes a lease if the pool is draining, which goes on. */
  boolean tryJoin() {
    int seen = word;
    while (phase(seen) == PoolPhase.DRAINING) {
      if (WORD.compareAndSet(this, seen, seen + 1)) {
        return true;
      }
      seen = word;
    }
    return false;
  }

  /** Takes a lease and opens the pool again, if it is draining. */
  boolean tryRevive() {
    int seen = word;
    while (phase(seen) == PoolPhase.DRAINING) {
      if (WORD.compareAndSet(this, seen, (seen & ~DRAINING) + 1)) {
        return true;
      }
      seen = word;
    }
    return false;
  }

  /** Gives a lease back and returns whether that was the last one of a draining pool: close it. */
  boolean release() {
    while (true) {
      int seen = word;
      if (leases(seen) == 0) {
        throw new IllegalStateException("a lease was given back that no one held");
      }
      int left = seen - 1;
      boolean last = left == DRAINING;
      if (WORD.compareAndSet(this, seen, last ? CLOSED : left)) {
        return last;
      }
    }
  }

  /** Closes an open pool that no one leases; returns whether it did. */
  boolean tryClose() {
    return WORD.compareAndSet(this, 0, CLOSED);
  }

  /**
   * Retires an open pool: closes it when no one leases it, and has it drain otherwise. Returns the
   * phase that it is in now; a pool that was not open stays as it is.
   */
  PoolPhase retire() {
    while (true) {
      int seen = word;
      if (phase(seen) != PoolPhase.OPEN) {
        return phase(seen);
      }
      int next = seen == 0 ? CLOSED : seen | DRAINING;
      if (WORD.compareAndSet(this, seen, next)) {
        return phase(next);
      }
    }
  }

  PoolPhase phase() {
    return phase(word);
  }

  int leases() {
    return leases(word);
  }

  private static PoolPhase phase(int word) {
    if (word == CLOSED) {
      return PoolPhase.CLOSED;
    }
    return (word & DRAINING) != 0 ? PoolPhase.DRAINING : PoolPhase.OPEN;
  }

  private static int leases(int word) {
    return word == CLOSED ? 0 : word & ~DRAINING;
  }
}
