package dev.headgate.datasource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the application wants done when it is known what became of its work. Each action waits until
 * the transaction that it belongs to has ended, and then until its unit has. Safe for use by many
 * threads.
 */
final class OutcomeActions {

  private static final Logger log = LoggerFactory.getLogger(OutcomeActions.class);

  private record Action(int number, Outcome outcome, Runnable work) {}

  private final List<Action> waiting = new ArrayList<>(2);
  private final List<Runnable> due = new ArrayList<>(2);
  private int numbers;

  synchronized void add(Outcome outcome, Runnable work) {
    waiting.add(new Action(numbers++, outcome, work));
  }

  /** Returns the place behind the actions that there were until now. */
  synchronized int place() {
    return numbers;
  }

  /** The work that the actions behind a place belong to has ended like this. */
  synchronized void decide(int place, Outcome outcome) {
    Outcome kind = outcome == Outcome.PARTLY ? Outcome.UNKNOWN : outcome;
    for (Action action : waiting) {
      if (action.number >= place && action.outcome == kind) {
        due.add(action.work);
      }
    }
    waiting.removeIf(action -> action.number >= place);
  }

  /** Does what is due. What it throws is logged. */
  void run(Executor executor, TenantId tenant) {
    List<Runnable> all;
    synchronized (this) {
      all = List.copyOf(due);
      due.clear();
    }
    for (Runnable action : all) {
      Runnable isolated = () -> isolated(action, tenant);
      try {
        executor.execute(isolated);
      } catch (RuntimeException e) {
        log.warn("The executor of outcome actions refuses one of tenant {}: done here", tenant, e);
        isolated.run();
      }
    }
  }

  @SuppressWarnings("CatchingUnchecked") // an Error of one must not keep the others from their turn
  private static void isolated(Runnable action, TenantId tenant) {
    try {
      action.run();
    } catch (Throwable e) {
      log.error("An outcome action of tenant {} has failed; the outcome stands", tenant, e);
    }
  }
}
