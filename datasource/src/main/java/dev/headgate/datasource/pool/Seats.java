package dev.headgate.datasource.pool;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The seats of one pool. Whoever has one finds a connection in HikariCP without waiting, or has
 * just brought one: waiting is done here, in front of it.
 *
 * <p>Safe for use by many threads. An idle seat is taken and given back without a lock as long as
 * no one waits.
 */
final class Seats {

  /** How a pool stands: connections in use, idle ones, and threads that wait. */
  record Counts(int active, int idle, int waiting) {}

  /** The pool that they are of, as far as they need it. */
  interface Owner {

    /** Returns when a lease was last taken or given back. */
    long lastUsed();

    /** Tells those who listen what has happened to the pool. */
    void tell(PoolEvent.Kind kind);

    /** Gives back connections that are in use by no one. */
    void standDown();

    /** Whether whoever needs a new connection may try to get one. */
    boolean mayConnect();

    /** A connection that was asked for a sign of life at that time has given none. */
    void notValid(long asked);
  }

  private static final AtomicIntegerFieldUpdater<Seats> IDLE =
      AtomicIntegerFieldUpdater.newUpdater(Seats.class, "idle");

  private final String name;
  private final Server server;
  private final int maximum;
  private final int maximumWaiting;
  private final Owner owner;
  private final List<PhysicalConnection> connections = new CopyOnWriteArrayList<>();

  /**
   * How many idle connections no one has a seat for. Less than 0 while HikariCP has closed idle
   * ones for which there are seats: who has these gets the next ones that come.
   */
  private volatile int idle;

  /** How many connections are open, being opened or being closed. Guarded by the server's lock. */
  int size;

  /** How many threads wait for this pool. Guarded by the server's lock. */
  int waiting;

  /** Makes those of a pool. */
  Seats(String name, Server server, int maximum, int maximumWaiting, Owner owner) {
    this.name = name;
    this.server = server;
    this.maximum = maximum;
    this.maximumWaiting = maximumWaiting;
    this.owner = owner;
  }

  Server server() {
    return server;
  }

  void tell(PoolEvent.Kind kind) {
    owner.tell(kind);
  }

  long lastUsed() {
    return owner.lastUsed();
  }

  int idle() {
    return idle;
  }

  int active() {
    int active = 0;
    for (PhysicalConnection connection : connections) {
      if (connection.isActive()) {
        active++;
      }
    }
    return active;
  }

  boolean mayConnect() {
    return owner.mayConnect();
  }

  void notValid(long asked) {
    owner.notValid(asked);
  }

  int maximumWaiting() {
    return maximumWaiting;
  }

  boolean mayGrow() {
    return size < maximum;
  }

  /** Takes a seat for an idle connection, if there is one and nobody waits on the server. */
  boolean tryTake() {
    if (server.isAwaited()) {
      return false;
    }
    if (tryTakeIdle()) {
      return true;
    }
    standDown();
    return tryTakeIdle();
  }

  /**
   * Takes a seat for which a connection may have to be opened, and waits for it if need be.
   *
   * @param borrower for whom, or null if it has no other connection
   * @param probes whether it may connect even if others may not
   * @param since when the borrower began to wait, in nanoseconds of the system's clock
   * @param deadline in nanoseconds of the system's clock
   * @return null if the deadline has passed, or nobody may connect and there is nothing to wait for
   * @throws DeadlockException if none can become free
   * @throws TooManyWaitingException if no more may wait
   */
  @Nullable Seat await(@Nullable Borrower borrower, boolean probes, long since, long deadline)
      throws InterruptedException, DeadlockException, TooManyWaitingException {
    Seat grown = probes || owner.mayConnect() ? server.tryGrow(this) : null;
    return grown != null ? grown : server.await(this, borrower, probes, since, deadline);
  }

  /** Whether someone waits for one, or has one for which there is no connection yet. */
  boolean areAwaited() {
    return server.isAwaited() || idle < 0;
  }

  /** Has the pool give back the connections that stand by. */
  void standDown() {
    owner.standDown();
  }

  boolean tryTakeIdle() {
    int seen = idle;
    while (seen > 0) {
      if (IDLE.compareAndSet(this, seen, seen - 1)) {
        return true;
      }
      seen = idle;
    }
    return false;
  }

  /** Gives back a seat; there is an idle connection for it, or will be. */
  void giveBack() {
    IDLE.incrementAndGet(this);
    // Who begins to wait says so before a last look at the idle ones; one of both sees the other.
    if (server.isAwaited()) {
      server.serveWaiting();
    }
  }

  /** Looks again who of those who wait can be served, or waits in vain. */
  void serveWaiting() {
    server.serveWaiting();
  }

  /**
   * Takes a place for a connection for which seats have been given that HikariCP can't serve.
   *
   * @return null if there is no such seat, or no place
   */
  @Nullable Seat tryGrow() {
    return idle < 0 ? server.tryGrow(this) : null;
  }

  void opened(PhysicalConnection connection) {
    connection.used(lastUsed());
    connections.add(connection);
  }

  /**
   * A connection was opened for a place.
   *
   * @param taken how long that took, in nanoseconds
   */
  void connected(ConnectLimit.@Nullable Attempt attempt, long taken) {
    if (attempt != null) {
      server.connected(attempt, taken);
    } else if (server.isAwaited()) {
      // Others may connect again, too.
      server.serveWaiting();
    }
  }

  /** A place was taken, and no connection could be opened. */
  void notOpened(ConnectLimit.@Nullable Attempt attempt) {
    server.notOpened(this, attempt);
  }

  /** A connection is about to be closed that was idle. */
  void idleOneGoes() {
    if (IDLE.decrementAndGet(this) < 0) {
      // Somebody has a seat for it, and may have one that stands by in its place.
      standDown();
    }
  }

  /** A connection has been closed. */
  void closed(PhysicalConnection connection) {
    connections.remove(connection);
    server.shrink(this);
  }

  /** A connection has been closed that another server's pool displaces. */
  void displaced(PhysicalConnection connection) {
    connections.remove(connection);
    server.shrinkForAnother(this);
  }

  /** Takes the connection that was idle for longest away from all others. */
  @Nullable PhysicalConnection claimIdle() {
    if (!tryTakeIdle()) {
      return null;
    }
    // Others may take the one that is looked at; there are not many.
    for (int attempts = connections.size(); attempts > 0; attempts--) {
      PhysicalConnection oldest = null;
      for (PhysicalConnection connection : connections) {
        if (connection.isIdle()
            && (oldest == null || connection.lastUsed() - oldest.lastUsed() < 0)) {
          oldest = connection;
        }
      }
      if (oldest == null) {
        break;
      }
      if (oldest.tryDisplace()) {
        return oldest;
      }
    }
    IDLE.incrementAndGet(this);
    return null;
  }

  /** Closes what is left of a pool that was closed: what was opened too late for HikariCP. */
  void closeAll() {
    connections.forEach(PhysicalConnection::closeQuietly);
  }

  String name() {
    return name;
  }

  Counts counts() {
    return server.countsOf(this);
  }

  /** Returns what to do when no connection becomes free. */
  String remedy() {
    return server.remedyFor(this);
  }

  /** Describes how the pool and its server stand, for messages. */
  String describe() {
    Counts counts = counts();
    return "active %d of at most %d, idle %d, waiting %d%s"
        .formatted(counts.active(), maximum, counts.idle(), counts.waiting(), server.describe());
  }
}
