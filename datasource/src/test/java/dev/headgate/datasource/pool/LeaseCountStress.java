package dev.headgate.datasource.pool;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * What two threads may see that change a {@link LeaseCount} at the same time; each other result is
 * forbidden. Run by {@link StressTest}.
 */
public final class LeaseCountStress {

  private LeaseCountStress() {}

  /** Makes a count with no lease. */
  private static LeaseCount unleased() {
    LeaseCount count = new Leases();
    count.release();
    return count;
  }

  /** Makes a count with one lease that is retired. */
  private static LeaseCount draining() {
    LeaseCount count = new Leases();
    count.retire();
    return count;
  }

  private static String state(LeaseCount count) {
    return count.phase() + " " + count.leases();
  }

  /** A pool that was leased is not closed, and one that is closed is not leased. */
  @JCStressTest
  @Outcome(id = "true, DRAINING, DRAINING 1", expect = ACCEPTABLE, desc = "leased, then retired")
  @Outcome(id = "false, CLOSED, CLOSED 0", expect = ACCEPTABLE, desc = "retired first")
  @State
  public static class RetireAgainstAcquire {

    private final LeaseCount count = unleased();

    /** Leases. */
    @Actor
    public void acquire(LLL_Result result) {
      result.r1 = count.tryAcquire();
    }

    /** Evicts. */
    @Actor
    public void retire(LLL_Result result) {
      result.r2 = count.retire();
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = state(count);
    }
  }

  /** Exactly one of the two is told to close the connections. */
  @JCStressTest
  @Outcome(id = "true, DRAINING, CLOSED 0", expect = ACCEPTABLE, desc = "the last lease closes it")
  @Outcome(id = "false, CLOSED, CLOSED 0", expect = ACCEPTABLE, desc = "the eviction closes it")
  @State
  public static class ReleaseAgainstRetire {

    private final LeaseCount count = new Leases();

    /** Gives the last lease back. */
    @Actor
    public void release(LLL_Result result) {
      result.r1 = count.release();
    }

    /** Evicts. */
    @Actor
    public void retire(LLL_Result result) {
      result.r2 = count.retire();
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = state(count);
    }
  }

  /** Whoever joins one that drains keeps it open, or is told that it came too late. */
  @JCStressTest
  @Outcome(id = "true, false, DRAINING 1", expect = ACCEPTABLE, desc = "joined in time")
  @Outcome(id = "false, true, CLOSED 0", expect = ACCEPTABLE, desc = "too late")
  @State
  public static class JoinAgainstLastRelease {

    private final LeaseCount count = draining();

    /** Leases it, and lets it drain. */
    @Actor
    public void join(LLL_Result result) {
      result.r1 = count.tryJoin();
    }

    /** Gives the last lease back. */
    @Actor
    public void release(LLL_Result result) {
      result.r2 = count.release();
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = state(count);
    }
  }

  /** A pool is revived or closed, never both. */
  @JCStressTest
  @Outcome(id = "true, false, OPEN 1", expect = ACCEPTABLE, desc = "revived in time")
  @Outcome(id = "false, true, CLOSED 0", expect = ACCEPTABLE, desc = "too late")
  @State
  public static class ReviveAgainstLastRelease {

    private final LeaseCount count = draining();

    /** Leases it again. */
    @Actor
    public void revive(LLL_Result result) {
      result.r1 = count.tryRevive();
    }

    /** Gives the last lease back. */
    @Actor
    public void release(LLL_Result result) {
      result.r2 = count.release();
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = state(count);
    }
  }

  /** A pool expires or is leased, never both. */
  @JCStressTest
  @Outcome(id = "true, false, OPEN 1", expect = ACCEPTABLE, desc = "leased in time")
  @Outcome(id = "false, true, CLOSED 0", expect = ACCEPTABLE, desc = "too late")
  @State
  public static class CloseAgainstAcquire {

    private final LeaseCount count = unleased();

    /** Leases. */
    @Actor
    public void acquire(LLL_Result result) {
      result.r1 = count.tryAcquire();
    }

    /** Expires. */
    @Actor
    public void close(LLL_Result result) {
      result.r2 = count.tryClose();
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = state(count);
    }
  }
}
