package dev.headgate.datasource.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A database server as its budget sees it: how many connections all pools together have open there,
 * and who waits for one.
 *
 * <p>A place in the budget is taken before a connection is opened and given back after it was
 * closed, so that the budget holds at every instant. Who waits is served in order, but that a
 * connection which is given back serves those who wait for its own pool first, as long as the
 * others have not waited for long: strict order would make nearly every request reconnect.
 *
 * <p>Safe for use by many threads.
 */
final class Server {

  private static final AtomicIntegerFieldUpdater<Server> COMING =
      AtomicIntegerFieldUpdater.newUpdater(Server.class, "coming");

  /** How many pools a message names. */
  private static final int MOST_NAMED = 10;

  private final @Nullable String name;
  private final int budget;
  private final long patienceNanos;

  private final ReentrantLock lock;
  private final Deadlocks deadlocks;

  /** Those who have a connection here already; they go first. */
  private final List<Waiter> holders = new ArrayList<>();

  private final List<Waiter> others = new ArrayList<>();

  /** The pools that have a connection open or are about to. */
  private final List<Seats> pools = new ArrayList<>(1);

  /** How many places of the budget are taken. */
  private int open;

  private long reclaimed;

  /** Null if it has no budget. */
  private final @Nullable ConnectLimit connects;

  private final Exhaustion exhaustion = new Exhaustion();

  /** How many wait, for those who look without the lock. */
  private volatile int waiting;

  /** How many are about to join the queue. */
  private volatile int coming;

  /**
   * Makes a server.
   *
   * @param name for messages; null if it has no budget
   * @param deadlocks those of all servers of a registry
   */
  Server(@Nullable String name, int budget, long patienceNanos, Deadlocks deadlocks) {
    this.name = name;
    this.budget = budget;
    this.patienceNanos = patienceNanos;
    this.lock = deadlocks.lock;
    this.deadlocks = deadlocks;
    this.connects = name == null ? null : new ConnectLimit(budget, System.nanoTime());
  }

  @Nullable String name() {
    return name;
  }

  int budget() {
    return budget;
  }

  boolean isAwaited() {
    // In this order: whoever comes is among those who wait before being no longer on the way.
    return coming > 0 || waiting > 0;
  }

  /**
   * Waits for a seat in a pool.
   *
   * @param probes whether it may connect even if others may not
   * @param since when the borrower began to wait, which may have been before
   * @param deadline in nanoseconds of the system's clock
   * @return the seat, or null if the deadline has passed, or the pool has no connection and may not
   *     connect
   * @throws DeadlockException if there is no use in waiting
   * @throws TooManyWaitingException if no more may wait for the pool
   */
  @Nullable Seat await(
      Seats pool, @Nullable Borrower borrower, boolean probes, long since, long deadline)
      throws InterruptedException, DeadlockException, TooManyWaitingException {
    // Whoever has a connection stand by looks afterwards whether it is awaited: one sees the other.
    COMING.incrementAndGet(this);
    try {
      standDown(pool);
      lock.lockInterruptibly();
    } catch (InterruptedException | RuntimeException | Error e) {
      COMING.decrementAndGet(this);
      throw e;
    }
    try {
      Waiter waiter = new Waiter(this, pool, borrower, probes, since, lock.newCondition());
      enqueue(waiter);
      COMING.decrementAndGet(this);
      Seat seat = null;
      try {
        serve();
        if (waiter.waits()) {
          if (deadlocks.isHopeless(waiter)) {
            throw new DeadlockException();
          }
          if (pool.waiting > pool.maximumWaiting()) {
            throw new TooManyWaitingException();
          }
          if (pool.mayGrow()) {
            exhaustion.of(pool, waiter.since);
          }
        }
        seat = await(waiter, deadline);
      } finally {
        if (seat == null) {
          dequeue(waiter);
        }
      }
      return seat;
    } finally {
      lock.unlock();
    }
  }

  /** A connect that hangs tells no one that others need not wait for it any more. */
  private @Nullable Seat await(Waiter waiter, long deadline) throws InterruptedException {
    while (connects != null) {
      long now = System.nanoTime();
      long lookAgain = now + connects.untilNextOverdue(now);
      if (lookAgain - deadline >= 0) {
        break;
      }
      Seat seat = waiter.await(lookAgain);
      if (!waiter.waits()) {
        return seat;
      }
      // All who wait look at the same time; the first one serves them.
      if (connects.forgetOverdue(System.nanoTime())) {
        serve();
      }
    }
    return waiter.await(deadline);
  }

  /** Not with the lock: it may give back the last lease of a pool, and so need the registry's. */
  private void standDown(Seats pool) {
    pool.standDown();
    if (name != null) {
      for (Seats other : all()) {
        other.standDown();
      }
    }
  }

  private List<Seats> all() {
    lock.lock();
    try {
      return List.copyOf(pools);
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(Waiter waiter) {
    insert(waiter, holdsOne(waiter.borrower) ? holders : others);
    deadlocks.add(waiter);
    waiter.pool.waiting++;
    waiting = holders.size() + others.size();
  }

  /** Whoever has got a seat for nothing, and comes again, has its place of before. */
  private static void insert(Waiter waiter, List<Waiter> queue) {
    int place = queue.size();
    while (place > 0 && queue.get(place - 1).since - waiter.since > 0) {
      place--;
    }
    queue.add(place, waiter);
  }

  private void dequeue(Waiter waiter) {
    if (holders.remove(waiter) || others.remove(waiter)) {
      left(waiter);
    }
  }

  private void left(Waiter waiter) {
    deadlocks.remove(waiter);
    waiter.pool.waiting--;
    waiting = holders.size() + others.size();
  }

  private boolean holdsOne(@Nullable Borrower borrower) {
    return borrower != null && heldBy(Set.of(borrower)) > 0;
  }

  private int heldBy(Set<Borrower> borrowers) {
    return heldBy(borrowers, pool -> pool.server() == this);
  }

  private static int heldBy(Set<Borrower> borrowers, Predicate<Seats> which) {
    return borrowers.stream().mapToInt(borrower -> borrower.held(which)).sum();
  }

  /** Returns whether some who wait for a pool do not have everything that could serve it. */
  boolean hasOtherThanOf(Set<Borrower> borrowers, Seats pool) {
    return pool.mayGrow()
        ? open > heldBy(borrowers)
        : pool.size > heldBy(borrowers, other -> other == pool);
  }

  /** Serves those who wait, as far as there is something for them. */
  void serveWaiting() {
    lock.lock();
    try {
      serve();
    } finally {
      lock.unlock();
    }
  }

  private void serve() {
    long now = System.nanoTime();
    boolean left = serve(holders, true, now);
    serve(others, left, now);
  }

  /**
   * Serves some of those who wait.
   *
   * @param mayGrow whether there may be a place for a new connection
   * @return whether there may still be one
   */
  private boolean serve(List<Waiter> queue, boolean mayGrow, long now) {
    boolean left = mayGrow;
    for (Iterator<Waiter> waiters = queue.iterator(); waiters.hasNext(); ) {
      Waiter waiter = waiters.next();
      Seat seat = waiter.pool.tryTakeIdle() ? Seat.IDLE : null;
      if (seat == null && left && waiter.pool.mayGrow() && waiter.mayConnect()) {
        boolean atOnce = queue == holders || now - waiter.since >= patienceNanos;
        seat = newSeat(waiter.pool, atOnce, now);
        // If not for this one, then for none who has come later.
        left = seat != null;
      }
      boolean inVain = seat == null && waiter.pool.size == 0 && !waiter.mayConnect();
      if (seat != null || inVain) {
        waiters.remove();
        left(waiter);
        waiter.end(seat);
      }
    }
    return left;
  }

  /**
   * Returns a seat for a new connection, if there is a place for it.
   *
   * @param atOnce whether also in place of a connection that others wait for in their own pool
   */
  private @Nullable Seat newSeat(Seats pool, boolean atOnce, long now) {
    if (open < budget) {
      open++;
      return grow(pool, null, now);
    }
    PhysicalConnection idle = connects != null && connects.allows(now) ? reclaim(atOnce) : null;
    if (idle == null) {
      return null;
    }
    reclaimed++;
    return grow(pool, idle, now);
  }

  private Seat grow(Seats pool, @Nullable PhysicalConnection displaced, long now) {
    if (pool.size == 0) {
      pools.add(pool);
    }
    pool.size++;
    return new Seat(false, connects == null ? null : connects.begin(now), displaced);
  }

  /**
   * Claims an idle connection of the least recently used pool that has one.
   *
   * @param fromAny whether also from a pool that has waiters of its own for it
   */
  private @Nullable PhysicalConnection reclaim(boolean fromAny) {
    Set<Seats> tried = new HashSet<>();
    while (true) {
      Seats victim = null;
      for (Seats pool : pools) {
        if (pool.idle() > (fromAny ? 0 : pool.waiting)
            && !tried.contains(pool)
            && (victim == null || pool.lastUsed() - victim.lastUsed() < 0)) {
          victim = pool;
        }
      }
      if (victim == null) {
        return null;
      }
      PhysicalConnection claimed = victim.claimIdle();
      if (claimed != null) {
        victim.tell(PoolEvent.Kind.RECLAIMED);
        return claimed;
      }
      tried.add(victim);
    }
  }

  /**
   * Takes a place for a connection that no one waits for here.
   *
   * @return null if there is none
   */
  @Nullable Seat tryGrow(Seats pool) {
    lock.lock();
    try {
      if (waiting > 0 || !pool.mayGrow() || open >= budget) {
        return null;
      }
      open++;
      return grow(pool, null, System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** Whether a pool has as many connections as it may. */
  boolean isFull(Seats pool) {
    lock.lock();
    try {
      return !pool.mayGrow();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a place for a connection that is no pool's, if there is one that nobody waits for. */
  boolean tryTakePlace() {
    lock.lock();
    try {
      if (waiting > 0 || open >= budget) {
        return false;
      }
      open++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void givePlaceBack() {
    lock.lock();
    try {
      open--;
      serve();
    } finally {
      lock.unlock();
    }
  }

  /**
   * A connection was opened.
   *
   * @param taken how long that took, in nanoseconds
   */
  void connected(ConnectLimit.Attempt attempt, long taken) {
    lock.lock();
    try {
      attempt.opened(taken, System.nanoTime());
      serve();
    } finally {
      lock.unlock();
    }
  }

  /** A connection could not be opened. */
  void notOpened(Seats pool, ConnectLimit.@Nullable Attempt attempt) {
    lock.lock();
    try {
      if (attempt != null) {
        attempt.failed(System.nanoTime());
      }
      shrink(pool);
    } finally {
      lock.unlock();
    }
  }

  /** A connection was closed. */
  void shrink(Seats pool) {
    lock.lock();
    try {
      open--;
      left(pool);
      serve();
    } finally {
      lock.unlock();
    }
  }

  /** A connection was closed whose place in the budget another one has taken. */
  void shrinkForAnother(Seats pool) {
    lock.lock();
    try {
      left(pool);
      serve();
    } finally {
      lock.unlock();
    }
  }

  private void left(Seats pool) {
    pool.size--;
    if (pool.size == 0) {
      pools.remove(pool);
    }
  }

  Seats.Counts countsOf(Seats pool) {
    lock.lock();
    try {
      return countsNow(pool);
    } finally {
      lock.unlock();
    }
  }

  private static Seats.Counts countsNow(Seats pool) {
    return new Seats.Counts(pool.active(), Math.max(0, pool.idle()), pool.waiting);
  }

  /** Looks at no more pools than have a connection or are waited for, whatever others there are. */
  Standing standing() {
    Map<Seats, Seats.Counts> counts = new HashMap<>();
    lock.lock();
    try {
      int idle = 0;
      for (Seats pool : pools) {
        Seats.Counts each = countsNow(pool);
        counts.put(pool, each);
        idle += each.idle();
      }
      Stream.concat(holders.stream(), others.stream())
          .forEach(waiter -> counts.computeIfAbsent(waiter.pool, Server::countsNow));
      return new Standing(open, open - idle, waiting, reclaimed, exhaustion.count(), counts);
    } finally {
      lock.unlock();
    }
  }

  String remedyFor(Seats pool) {
    lock.lock();
    try {
      if (!pool.mayGrow()) {
        return "raise the pool's size or hold connections shorter";
      }
      return name == null
          ? "see whether it answers, or raise the borrow timeout"
          : "raise the budget of %s or hold connections shorter".formatted(name);
    } finally {
      lock.unlock();
    }
  }

  /** Describes how it stands, for messages that have said something already. */
  String describe() {
    if (name == null) {
      return "";
    }
    lock.lock();
    try {
      int idle = 0;
      List<Seats> largest = new ArrayList<>(pools);
      for (Seats pool : largest) {
        idle += Math.max(0, pool.idle());
      }
      largest.sort(Comparator.comparingInt((Seats pool) -> pool.size).reversed());
      String holders =
          largest.stream()
              .limit(MOST_NAMED)
              .map(pool -> pool.name() + " " + pool.size)
              .collect(Collectors.joining(", "));
      int others = largest.size() - MOST_NAMED;
      return "; server %s, budget %d, open %d, busy %d, waiting %d: %s%s"
          .formatted(
              name,
              budget,
              open,
              open - idle,
              waiting,
              holders,
              others > 0 ? " and %d more".formatted(others) : "");
    } finally {
      lock.unlock();
    }
  }
}
