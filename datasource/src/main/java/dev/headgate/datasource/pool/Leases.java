package dev.headgate.datasource.pool;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The leases of a pool, some of which stand by for the next borrower: each with a connection that
 * was given back a moment ago, and its seat. Who takes one has all of it, and whoever closes the
 * pool or waits for a connection takes them all away first. HikariCP has each connection again
 * before long, since it is what ends those that are too old.
 *
 * <p>A connection has the slot in which it once stood by until it ends, so that giving it back
 * changes nothing that others look at, but the connection itself. And this is one object with the
 * count, since each borrower looks at both: with a thousand pools, each further one is one more
 * that no cache has.
 *
 * <p>Safe for use by many threads, without a lock. Each thread looks at a slot of its own first, so
 * that two threads do not fight for one connection while there are two.
 */
final class Leases extends LeaseCount {

  /** For how long HikariCP does not have a connection that is not in use. */
  static final long LONGEST_STANDBY_NANOS = 500_000_000;

  /** A power of two. Those that find no slot go back to HikariCP, and are none the worse for it. */
  static final int SLOTS = 8;

  /** Made with the first connection that stands by. */
  private volatile @Nullable AtomicReferenceArray<@Nullable Fetched> slots;

  /**
   * The pool until it is closed, for those who keep this to find it again: whoever does so keeps
   * nothing of a closed one.
   */
  private volatile @Nullable Pool pool;

  /** Remembers whose leases these are. */
  void leadTo(Pool leased) {
    pool = leased;
  }

  /** The pool was closed. */
  void leadNowhere() {
    pool = null;
  }

  @Nullable Pool pool() {
    return pool;
  }

  /** Takes a lease with its connection, if one stands by. */
  @Nullable Fetched takeStandby() {
    AtomicReferenceArray<@Nullable Fetched> all = slots;
    if (all == null) {
      return null;
    }
    int own = own();
    for (int i = 0; i < SLOTS; i++) {
      Fetched seen = all.get(own ^ i);
      if (seen != null && seen.tryTake()) {
        return seen;
      }
    }
    return null;
  }

  /** Has a lease stand by with its connection; returns false if there is no room. */
  boolean offerStandby(Fetched connection) {
    if (connection.slot() == Fetched.NO_SLOT && !findSlot(connection)) {
      return false;
    }
    connection.standBy();
    return true;
  }

  private boolean findSlot(Fetched connection) {
    AtomicReferenceArray<@Nullable Fetched> all = slots;
    if (all == null) {
      all = made();
    }
    int own = own();
    for (int i = 0; i < SLOTS; i++) {
      int slot = own ^ i;
      if (all.compareAndSet(slot, null, connection)) {
        connection.slot(slot);
        return true;
      }
    }
    return false;
  }

  private synchronized AtomicReferenceArray<@Nullable Fetched> made() {
    AtomicReferenceArray<@Nullable Fetched> all = slots;
    if (all == null) {
      all = new AtomicReferenceArray<>(SLOTS);
      slots = all;
    }
    return all;
  }

  /** A connection does not stand by any more, and never will: it has no slot. */
  void vacate(Fetched connection) {
    AtomicReferenceArray<@Nullable Fetched> all = slots;
    if (all != null && connection.slot() != Fetched.NO_SLOT) {
      all.set(connection.slot(), null);
      connection.slot(Fetched.NO_SLOT);
    }
  }

  /** Returns how many stand by at the moment. */
  int standingBy() {
    AtomicReferenceArray<@Nullable Fetched> all = slots;
    int standing = 0;
    for (int i = 0; all != null && i < SLOTS; i++) {
      Fetched seen = all.get(i);
      if (seen != null && seen.standsBy()) {
        standing++;
      }
    }
    return standing;
  }

  private static int own() {
    return (int) Thread.currentThread().getId() & (SLOTS - 1);
  }
}
