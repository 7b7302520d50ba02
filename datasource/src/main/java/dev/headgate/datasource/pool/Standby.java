package dev.headgate.datasource.pool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a pool that were given back a moment ago and stand by for the next borrower,
 * each with its seat and a lease: who takes one has all of it, and whoever closes the pool or waits
 * for a connection takes them all away first. HikariCP has each of them again before long, since it
 * is what ends those that are too old.
 *
 * <p>Safe for use by many threads, without a lock. Each thread looks at a slot of its own first, so
 * that two threads do not fight for one connection while there are two.
 */
final class Standby {

  /** For how long HikariCP does not have a connection that is not in use. */
  static final long LONGEST_NANOS = 500_000_000;

  private static final int MOST_SLOTS = 8;
  private static final int SLOTS = slots(Runtime.getRuntime().availableProcessors());

  /** So far apart are slots that no two are on a cache line. */
  private static final int SPACING = 16;

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Fetched[].class);

  /** Made with the first connection that stands by. */
  private volatile @Nullable Fetched @Nullable [] slots;

  /** Returns a power of two. */
  private static int slots(int processors) {
    return Math.min(MOST_SLOTS, Integer.highestOneBit(Math.max(1, 2 * processors - 1)));
  }

  /** Takes a connection, if one stands by. */
  @Nullable Fetched take() {
    @Nullable Fetched[] all = slots;
    if (all == null) {
      return null;
    }
    int own = own();
    for (int i = 0; i < SLOTS; i++) {
      Fetched taken = take(all, own ^ i);
      if (taken != null) {
        return taken;
      }
    }
    return null;
  }

  private static @Nullable Fetched take(@Nullable Fetched[] all, int slot) {
    int index = (slot + 1) * SPACING;
    Fetched seen = (Fetched) SLOT.getVolatile(all, index);
    return seen != null && SLOT.compareAndSet(all, index, seen, null) ? seen : null;
  }

  /** Has a connection stand by; returns false if there is no room. */
  boolean offer(Fetched connection) {
    @Nullable Fetched[] all = slots;
    if (all == null) {
      all = made();
    }
    int own = own();
    for (int i = 0; i < SLOTS; i++) {
      int index = ((own ^ i) + 1) * SPACING;
      if (all[index] == null && SLOT.compareAndSet(all, index, null, connection)) {
        return true;
      }
    }
    return false;
  }

  private synchronized @Nullable Fetched[] made() {
    @Nullable Fetched[] all = slots;
    if (all == null) {
      all = new Fetched[SLOTS * SPACING + 1];
      slots = all;
    }
    return all;
  }

  /** Returns how many there are at the moment. */
  int size() {
    @Nullable Fetched[] all = slots;
    int size = 0;
    for (int i = 0; all != null && i < SLOTS; i++) {
      if (SLOT.getVolatile(all, (i + 1) * SPACING) != null) {
        size++;
      }
    }
    return size;
  }

  private static int own() {
    return (int) Thread.currentThread().getId() & (SLOTS - 1);
  }
}
