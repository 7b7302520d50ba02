package dev.headgate.containers.history;

import dev.headgate.faults.Commit;
import dev.headgate.faults.CommitFault;
import dev.headgate.faults.CommitFaults;
import dev.headgate.faults.Pause;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * What some COMMITs meet. One that is paused goes on when so many answers have been heard since.
 * Safe for use by many threads.
 */
final class Faults implements CommitFaults {

  /** Fewer than there are clients, or nobody would hear answers any more. */
  private static final int MOST_PAUSES = 3;

  private record Held(Pause pause, long until) {}

  private final SplittableRandom random;
  private final Queue<Held> held = new ArrayDeque<>();
  private long answers;
  private boolean over;

  Faults(long seed) {
    random = new SplittableRandom(seed);
  }

  @Override
  public synchronized CommitFault decide(Commit commit) {
    return switch (over ? -1 : random.nextInt(100)) {
      case 0 -> CommitFault.cutBefore();
      case 1 -> CommitFault.cutAfter();
      case 2 -> paused(true);
      case 3 -> paused(false);
      default -> CommitFault.none();
    };
  }

  private CommitFault paused(boolean before) {
    if (held.size() >= MOST_PAUSES) {
      return CommitFault.none();
    }
    var pause = new Pause();
    held.add(new Held(pause, answers + 1 + random.nextInt(300)));
    return before ? CommitFault.pauseBefore(pause) : CommitFault.pauseAfter(pause);
  }

  /** An answer was heard. */
  synchronized void heard() {
    answers++;
    held.removeIf(
        each -> {
          if (each.until <= answers) {
            each.pause.resume();
          }
          return each.until <= answers;
        });
  }

  /** From now on all is well. */
  synchronized void end() {
    over = true;
    held.forEach(each -> each.pause.resume());
    held.clear();
  }
}
