package dev.headgate.datasource.pool;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * What two threads may see that offer to the same {@link Standby}, or take from it, at the same
 * time; each other result is forbidden. Run by {@link StressTest}.
 */
public final class StandbyStress {

  private static final Object ONE = "one";

  private StandbyStress() {}

  private static Fetched fetched() {
    return new Fetched(OpenConnection.INSTANCE, new StressedPool(1).openedFor(ONE), 0);
  }

  private static final Fetched FETCHED = fetched();
  private static final Fetched ANOTHER = fetched();

  /** Nobody takes what another one has, and what is given back is there. */
  @JCStressTest
  @Outcome(id = "true, false, 0", expect = ACCEPTABLE, desc = "kept")
  @Outcome(id = "false, true, 1", expect = ACCEPTABLE, desc = "used")
  @Outcome(id = "true, true, 0", expect = ACCEPTABLE, desc = "used, then kept")
  @State
  public static class KeepAgainstUse {

    private final Standby standby = new Standby();

    {
      standby.offer(FETCHED);
    }

    /** Takes it. */
    @Actor
    public void keep(LLL_Result result) {
      result.r1 = standby.take() == FETCHED;
    }

    /** Takes it and gives it back. */
    @Actor
    public void use(LLL_Result result) {
      Fetched taken = standby.take();
      result.r2 = taken == FETCHED;
      if (taken != null) {
        standby.offer(taken);
      }
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = standby.size();
    }
  }

  /** The first two that are offered are both there. */
  @JCStressTest
  @Outcome(id = "true, true, 2", expect = ACCEPTABLE)
  @State
  public static class FirstOffers {

    private final Standby standby = new Standby();

    /** Offers. */
    @Actor
    public void one(LLL_Result result) {
      result.r1 = standby.offer(FETCHED);
    }

    /** Offers, too. */
    @Actor
    public void other(LLL_Result result) {
      result.r2 = standby.offer(ANOTHER);
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = standby.size();
    }
  }

  /** Where there is room for one, one is told that there is none. */
  @JCStressTest
  @Outcome(id = "true, false, no room", expect = ACCEPTABLE)
  @Outcome(id = "false, true, no room", expect = ACCEPTABLE)
  @State
  public static class LastOffers {

    private final Standby standby = new Standby();

    {
      while (standby.offer(FETCHED)) {
        // More of the same.
      }
      standby.take();
    }

    /** Offers. */
    @Actor
    public void one(LLL_Result result) {
      result.r1 = standby.offer(ANOTHER);
    }

    /** Offers, too. */
    @Actor
    public void other(LLL_Result result) {
      result.r2 = standby.offer(ANOTHER);
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = standby.offer(FETCHED) ? "room" : "no room";
    }
  }
}
