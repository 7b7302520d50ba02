package dev.headgate.datasource.pool;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * What two threads may get that want something of the same {@link Seats} at the same time; each
 * other result is forbidden. Run by {@link StressTest}.
 */
public final class SeatsStress {

  private static final Object ONE = "one";

  private SeatsStress() {}

  /** A seat that is given back while another one is taken is there afterwards. */
  @JCStressTest
  @Outcome(id = "true, 1 idle", expect = ACCEPTABLE)
  @State
  public static class GiveBackAgainstTake {

    private final StressedPool pool = new StressedPool(2);
    private final PhysicalConnection connection = pool.openedFor(ONE);

    {
      pool.openedAndIdle();
    }

    /** Gives one back. */
    @Actor
    public void giveBack() {
      connection.leave(ONE);
    }

    /** Takes the other one. */
    @Actor
    public void take(LL_Result result) {
      result.r1 = pool.seats.tryTakeIdle();
    }

    /** Looks. */
    @Arbiter
    public void look(LL_Result result) {
      result.r2 = pool.idle();
    }
  }

  /** Whoever looks for a connection to reclaim keeps none from whoever wants to have it. */
  @JCStressTest
  @Outcome(id = "true, null, 0 idle", expect = ACCEPTABLE, desc = "lent")
  @Outcome(id = "false, idle, 0 idle", expect = ACCEPTABLE, desc = "reclaimed")
  @State
  public static class TakeAgainstClaim {

    private final StressedPool pool = new StressedPool(2);

    {
      pool.openedAndIdle();
    }

    /** Takes the seat. */
    @Actor
    public void take(LLL_Result result) {
      result.r1 = pool.seats.tryTakeIdle();
    }

    /** Reclaims the connection. */
    @Actor
    public void claim(LLL_Result result) {
      result.r2 = pool.seats.claimIdle() == null ? null : "idle";
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = pool.idle();
    }
  }

  /** Whoever begins to wait is woken by who gives back a seat of the pool. */
  @JCStressTest
  @Outcome(id = "true, 0 idle", expect = ACCEPTABLE)
  @State
  public static class WaitAgainstGiveBack {

    private final StressedPool pool = new StressedPool(1);
    private final PhysicalConnection connection = pool.openedFor(ONE);

    /** Takes a seat, and waits for it if need be. */
    @Actor
    public void begin(LL_Result result) {
      result.r1 = StressedPool.take(pool.seats).isOpen();
    }

    /** Gives back the only seat. */
    @Actor
    public void giveBack() {
      connection.leave(ONE);
    }

    /** Looks. */
    @Arbiter
    public void look(LL_Result result) {
      result.r2 = pool.idle();
    }
  }

  /** Whoever begins to wait is woken by who gives back a seat of another pool of the server. */
  @JCStressTest
  @Outcome(id = "in its place, 0 idle, 1 open", expect = ACCEPTABLE)
  @State
  public static class WaitAgainstGiveBackToAnotherPool {

    private final StressedPool pool = new StressedPool(1);
    private final StressedPool other = new StressedPool(pool.server, 1);
    private final PhysicalConnection connection = other.openedFor(ONE);

    /** Takes a seat, and waits for it if need be. */
    @Actor
    public void begin(LLL_Result result) {
      PhysicalConnection displaced = StressedPool.take(pool.seats).displaced();
      if (displaced == connection) {
        displaced.closeDisplaced();
        result.r1 = "in its place";
      }
    }

    /** Gives back the only seat of the server. */
    @Actor
    public void giveBack() {
      connection.leave(ONE);
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r2 = other.idle();
      result.r3 = pool.open();
    }
  }
}
