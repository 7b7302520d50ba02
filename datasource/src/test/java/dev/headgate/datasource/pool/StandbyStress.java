package dev.headgate.datasource.pool;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * What two threads may see that offer to the same {@link Leases}, or take from it, at the same
 * time; each other result is forbidden. Run by {@link StressTest}.
 */
public final class StandbyStress {

  private static final PhysicalConnection PHYSICAL = new StressedPool(1).openedFor("one");

  private StandbyStress() {}

  private static Fetched fetched() {
    return new Fetched(OpenConnection.INSTANCE, PHYSICAL, 0);
  }

  /** Nobody takes what another one has, and what is given back is there. */
  @JCStressTest
  @Outcome(id = "true, false, 0", expect = ACCEPTABLE, desc = "kept")
  @Outcome(id = "false, true, 1", expect = ACCEPTABLE, desc = "used")
  @Outcome(id = "true, true, 0", expect = ACCEPTABLE, desc = "used, then kept")
  @State
  public static class KeepAgainstUse {

    private final Leases standby = new Leases();
    private final Fetched only = fetched();

    {
      standby.offerStandby(only);
    }

    /** Takes it. */
    @Actor
    public void keep(LLL_Result result) {
      result.r1 = standby.takeStandby() == only;
    }

    /** Takes it and gives it back. */
    @Actor
    public void use(LLL_Result result) {
      Fetched taken = standby.takeStandby();
      result.r2 = taken == only;
      if (taken != null) {
        standby.offerStandby(taken);
      }
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = standby.standingBy();
    }
  }

  /** The first two that are offered are both there. */
  @JCStressTest
  @Outcome(id = "true, true, 2", expect = ACCEPTABLE)
  @State
  public static class FirstOffers {

    private final Leases standby = new Leases();

    /** Offers. */
    @Actor
    public void one(LLL_Result result) {
      result.r1 = standby.offerStandby(fetched());
    }

    /** Offers, too. */
    @Actor
    public void other(LLL_Result result) {
      result.r2 = standby.offerStandby(fetched());
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = standby.standingBy();
    }
  }

  /** Where there is room for one, one is told that there is none. */
  @JCStressTest
  @Outcome(id = "true, false, no room", expect = ACCEPTABLE)
  @Outcome(id = "false, true, no room", expect = ACCEPTABLE)
  @State
  public static class LastOffers {

    private final Leases standby = new Leases();

    {
      for (int i = 1; i < Leases.SLOTS; i++) {
        standby.offerStandby(fetched());
      }
    }

    /** Offers. */
    @Actor
    public void one(LLL_Result result) {
      result.r1 = standby.offerStandby(fetched());
    }

    /** Offers, too. */
    @Actor
    public void other(LLL_Result result) {
      result.r2 = standby.offerStandby(fetched());
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = standby.offerStandby(fetched()) ? "room" : "no room";
    }
  }

  /** Whoever ends what it has taken makes room, and no one gets it after that. */
  @JCStressTest
  @Outcome(id = "ended, the first, 1", expect = ACCEPTABLE, desc = "used, then ended")
  @Outcome(id = "ended, nothing, 1", expect = ACCEPTABLE, desc = "looked for between the two")
  @Outcome(id = "ended, another, 1", expect = ACCEPTABLE, desc = "ended, then used")
  @Outcome(id = "nothing, the first, 1", expect = ACCEPTABLE, desc = "the other one has it")
  @State
  public static class EndAgainstUse {

    private final Leases standby = new Leases();
    private final Fetched first = fetched();

    {
      standby.offerStandby(first);
    }

    /** Takes one, ends it, and offers a new one. */
    @Actor
    public void end(LLL_Result result) {
      Fetched taken = standby.takeStandby();
      result.r1 = taken == first ? "ended" : taken == null ? "nothing" : "another";
      if (taken != null) {
        standby.vacate(taken);
        standby.offerStandby(fetched());
      }
    }

    /** Takes one and gives it back. */
    @Actor
    public void use(LLL_Result result) {
      Fetched taken = standby.takeStandby();
      result.r2 = taken == first ? "the first" : taken == null ? "nothing" : "another";
      if (taken != null) {
        standby.offerStandby(taken);
      }
    }

    /** Looks. */
    @Arbiter
    public void look(LLL_Result result) {
      result.r3 = standby.standingBy();
    }
  }
}
