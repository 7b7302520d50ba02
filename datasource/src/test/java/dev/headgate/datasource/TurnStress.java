package dev.headgate.datasource;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * What two threads may see that want the same {@link Turn} at the same time; each other result is
 * forbidden. Run by {@link dev.headgate.datasource.pool.StressTest}.
 */
public final class TurnStress {

  private TurnStress() {}

  /** What is done in turn is done once, by one thread at a time, and nobody keeps the turn. */
  @JCStressTest
  @Outcome(id = "8, no thread", expect = ACCEPTABLE)
  @State
  public static class GiveUpAgainstWhenFree {

    /** Often, so that some of it meets what the other one does with what waits already. */
    private static final int TIMES = 8;

    private final Turn turn = new Turn();

    private int taken;

    /** Plain, so that two that count at the same time would lose one. */
    private int done;

    {
      turn.giveUp();
    }

    /** Does a thing each time that it gets the turn. */
    @Actor
    public void take() {
      for (int i = 0; i < TIMES; i++) {
        if (turn.take()) {
          taken++;
          done++;
        }
        turn.giveUp();
      }
    }

    /** Has things done, whoever has the turn. */
    @Actor
    public void whenFree() {
      for (int i = 0; i < TIMES; i++) {
        turn.whenFree(() -> done++);
      }
    }

    /** Looks. */
    @Arbiter
    public void look(LL_Result result) {
      result.r1 = done - taken;
      result.r2 = turn.owner();
    }
  }
}
