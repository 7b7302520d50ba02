package dev.headgate.datasource.pool;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Nothing stands by in the way of somebody, who looks for it while it is given back: whoever gives
 * it back to the {@link PoolRegistry} sees who wants it, or is seen. Each other result is
 * forbidden. Run by {@link StressTest}.
 */
public final class StandingDownStress {

  private static final Object ONE = OpenConnection.INSTANCE;

  private static final Pools POOLS = PoolRegistry.builder().build().pools();

  private StandingDownStress() {}

  /** A pool in which what is given back would stand by, with a connection that is in use. */
  private static final class Used {

    final Pool pool;
    final Fetched connection;

    Used(int maximum) {
      pool = BarePool.make(maximum, POOLS::standDown);
      // Or it would find what was forgotten.
      pool.watched = true;
      connection =
          new Fetched(OpenConnection.INSTANCE, StressedPool.openedFor(ONE, pool.seats()), 0);
    }

    /** Gives back the connection with its lease. */
    void giveBack() {
      POOLS.release(pool, connection);
    }

    void look(LLL_Result result) {
      result.r2 = pool.leases.phase() + " " + pool.leases.leases();
      result.r3 = pool.leases.takeStandby() == null ? pool.seats().idle() + " idle" : "stands by";
    }
  }

  /** Someone waits for a connection of the pool. */
  @JCStressTest
  @Outcome(id = "true, OPEN 0, 0 idle", expect = ACCEPTABLE)
  @State
  public static class GiveBackAgainstWait {

    private final Used used = new Used(1);

    /** Gives back the only connection. */
    @Actor
    public void giveBack() {
      used.giveBack();
    }

    /** Takes a seat, and waits for it if need be. */
    @Actor
    public void begin(LLL_Result result) {
      result.r1 = StressedPool.take(used.pool.seats()).isOpen();
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      used.look(result);
    }
  }

  /** The pool is to close; someone else leases it still. */
  @JCStressTest
  @Outcome(id = "null, DRAINING 1, 1 idle", expect = ACCEPTABLE)
  @State
  public static class GiveBackAgainstRetire {

    private final Used used = new Used(1);

    {
      used.pool.leases.tryAcquire();
    }

    /** Gives back the only connection. */
    @Actor
    public void giveBack() {
      used.giveBack();
    }

    /** Retires the pool. */
    @Actor
    public void retire() {
      POOLS.retireNow(used.pool);
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      used.look(result);
    }
  }

  /** HikariCP closes the connection for which someone has a seat: it serves that one. */
  @JCStressTest
  @Outcome(id = "null, OPEN 0, 0 idle", expect = ACCEPTABLE)
  @State
  public static class GiveBackAgainstCloseOfAnIdleOne {

    private final Used used = new Used(2);
    private final PhysicalConnection idle = StressedPool.openedFor("two", used.pool.seats());

    {
      idle.leave("two");
      used.pool.seats().tryTakeIdle();
    }

    /** Gives back the other connection. */
    @Actor
    public void giveBack() {
      used.giveBack();
    }

    /** HikariCP closes it. */
    @Actor
    public void close() {
      idle.closeQuietly();
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      used.look(result);
    }
  }
}
