package dev.headgate.datasource.pool;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Who has a {@link PhysicalConnection} that two threads want something of at the same time, and how
 * many seats there are then: as many as connections. Each other result is forbidden. Run by {@link
 * StressTest}.
 */
public final class PhysicalConnectionStress {

  private static final Object ONE = "one";
  private static final Object NEXT = "next";

  private PhysicalConnectionStress() {}

  /** HikariCP lends it before the one before has given back the seat: one of both does that. */
  @JCStressTest
  @Outcome(id = "true, 1 idle, active", expect = ACCEPTABLE)
  @State
  public static class EnterAgainstLeave {

    private final StressedPool pool = new StressedPool(1);
    private final PhysicalConnection connection = pool.openedFor(ONE);

    /** Borrows it with a seat of its own. */
    @Actor
    public void enter(LLL_Result result) {
      result.r1 = connection.enter(NEXT, 0);
    }

    /** Has given it back to HikariCP. */
    @Actor
    public void leave() {
      connection.leave(ONE);
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r2 = pool.idle();
      result.r3 = connection.isActive() ? "active" : "not active";
    }
  }

  /** One borrows and one makes room: of two idle connections each has one. */
  @JCStressTest
  @Outcome(id = "older, newer, 0 idle", expect = ACCEPTABLE)
  @Outcome(id = "newer, older, 0 idle", expect = ACCEPTABLE)
  @State
  public static class EnterAgainstDisplace {

    private final StressedPool pool = new StressedPool(2);
    private final List<PhysicalConnection> idle = pool.openedAndIdle(2);
    private final PhysicalConnection older = idle.get(0);
    private final PhysicalConnection newer = idle.get(1);

    {
      newer.used(1);
    }

    /** Borrows the first that HikariCP has and nobody has closed. */
    @Actor
    public void enter(LLL_Result result) {
      if (pool.seats.tryTakeIdle()) {
        result.r1 = older.enter(NEXT, 2) ? "older" : newer.enter(NEXT, 2) ? "newer" : "none";
      }
    }

    /** Reclaims one. */
    @Actor
    public void displace(LLL_Result result) {
      PhysicalConnection claimed = pool.seats.claimIdle();
      result.r2 = claimed == null ? "none" : claimed == older ? "older" : "newer";
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = pool.idle();
    }
  }

  /** A seat goes with the connection that is closed, whether or not it was given back before. */
  @JCStressTest
  @Outcome(id = "0 idle, 0 open", expect = ACCEPTABLE)
  @State
  public static class LeaveAgainstClose {

    private final StressedPool pool = new StressedPool(1);
    private final PhysicalConnection connection = pool.openedFor(ONE);

    /** Has given it back to HikariCP. */
    @Actor
    public void leave() {
      connection.leave(ONE);
    }

    /** HikariCP closes it. */
    @Actor
    public void close() {
      connection.closeQuietly();
    }

    /** Looks. */
    @Arbiter
    public void look(LL_Result result) {
      result.r1 = pool.idle();
      result.r2 = pool.open();
    }
  }

  /** Whoever has a seat for what is closed gives it back, if the connection was not lent before. */
  @JCStressTest
  @Outcome(id = "lent, 0 idle, 0 open", expect = ACCEPTABLE, desc = "closed in use")
  @Outcome(id = "not lent, 0 idle, 0 open", expect = ACCEPTABLE, desc = "closed before")
  @Outcome(id = "no seat, 0 idle, 0 open", expect = ACCEPTABLE, desc = "closed long before")
  @State
  public static class EnterAgainstClose {

    private final StressedPool pool = new StressedPool(1);
    private final PhysicalConnection connection = pool.openedAndIdle();

    /** Borrows it. */
    @Actor
    public void enter(LLL_Result result) {
      if (!pool.seats.tryTakeIdle()) {
        result.r1 = "no seat";
      } else if (connection.enter(NEXT, 0)) {
        result.r1 = "lent";
      } else {
        pool.seats.giveBack();
        result.r1 = "not lent";
      }
    }

    /** HikariCP closes it. */
    @Actor
    public void close() {
      connection.closeQuietly();
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r2 = pool.idle();
      result.r3 = pool.open();
    }
  }

  /** Closed by HikariCP and to make room, it is closed once; its place goes to who made room. */
  @JCStressTest
  @Outcome(id = "true, 0 idle, 1 open", expect = ACCEPTABLE, desc = "displaced")
  @Outcome(id = "false, 0 idle, 0 open", expect = ACCEPTABLE, desc = "closed by HikariCP")
  @State
  public static class DisplaceAgainstClose {

    private final StressedPool pool = new StressedPool(1);
    private final PhysicalConnection connection = pool.openedAndIdle();

    /** Reclaims it. */
    @Actor
    public void displace(LLL_Result result) {
      PhysicalConnection claimed = pool.seats.claimIdle();
      if (claimed != null) {
        claimed.closeDisplaced();
      }
      result.r1 = claimed != null;
    }

    /** HikariCP closes it. */
    @Actor
    public void close() {
      connection.closeQuietly();
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r2 = pool.idle();
      result.r3 = pool.open();
    }
  }

  /** Whoever destroys it has it, or has nothing to destroy any more. */
  @JCStressTest
  @Outcome(id = "true, 1 idle, active", expect = ACCEPTABLE, desc = "it is the next one's")
  @Outcome(id = "false, 0 idle, not active", expect = ACCEPTABLE, desc = "nobody's any more")
  @State
  public static class EnterAgainstCondemn {

    private final StressedPool pool = new StressedPool(1);
    private final PhysicalConnection connection = pool.openedFor(ONE);

    /** Borrows it with a seat of its own. */
    @Actor
    public void enter(LLL_Result result) {
      result.r1 = connection.enter(NEXT, 0);
    }

    /** Could not give it back. */
    @Actor
    public void condemn() {
      connection.condemn(ONE);
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r2 = pool.idle();
      result.r3 = connection.isActive() ? "active" : "not active";
    }
  }
}
