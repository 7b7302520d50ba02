package dev.headgate.datasource.pool;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The seats of a pool, without HikariCP, and connections that cost nothing. */
final class StressedPool {

  /**
   * A thread that is not woken fails in the end, and one that has to wait for the other does not.
   */
  private static final long LONG = Duration.ofSeconds(5).toNanos();

  private static final Object LAST_OWNER = "last owner";

  final Server server;
  final Seats seats;

  /** With a server of its own, that has a budget for as many connections as the pool may have. */
  StressedPool(int maximum) {
    this(new Server("server", maximum, 0, new Deadlocks()), maximum);
  }

  StressedPool(Server server, int maximum) {
    this.server = server;
    this.seats = new Seats("pool", server, maximum, 1000, new BareOwner());
  }

  /** Opens a connection and has it lent to someone, who has a seat. */
  PhysicalConnection openedFor(Object owner) {
    return openedFor(owner, seats);
  }

  static PhysicalConnection openedFor(Object owner, Seats seats) {
    Seat seat = take(seats);
    if (seat.isOpen()) {
      throw new IllegalStateException("a seat for an idle connection: " + seat);
    }
    PhysicalConnection opened = physical(seats);
    seats.opened(opened);
    opened.enter(owner, 0);
    return opened;
  }

  private static PhysicalConnection physical(Seats seats) {
    try {
      return new PhysicalConnection(OpenConnection.INSTANCE, null, Reset.TENANT, seats);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  PhysicalConnection openedAndIdle() {
    return openedAndIdle(1).get(0);
  }

  List<PhysicalConnection> openedAndIdle(int count) {
    List<PhysicalConnection> opened = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      opened.add(openedFor(LAST_OWNER));
    }
    opened.forEach(each -> each.leave(LAST_OWNER));
    return opened;
  }

  /** Takes a seat, and waits for it. */
  static Seat take(Seats seats) {
    long now = System.nanoTime();
    try {
      return seats.tryTake()
          ? Seat.IDLE
          : Objects.requireNonNull(seats.await(null, false, now, now + LONG), "no seat");
    } catch (InterruptedException | DeadlockException | TooManyWaitingException e) {
      throw new IllegalStateException(e);
    }
  }

  String idle() {
    return seats.idle() + " idle";
  }

  /** Returns how many places of the server's budget are taken. */
  String open() {
    return server.standing().open() + " open";
  }
}
