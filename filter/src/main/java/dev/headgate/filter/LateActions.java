package dev.headgate.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What the application wants done when the outcome is known: it waits until the answer is given, so
 * that it can't keep or change it. Safe for use by many threads.
 */
final class LateActions implements Executor {

  private final List<Runnable> waiting = new ArrayList<>(0);
  private boolean answered;

  @Override
  public void execute(Runnable action) {
    synchronized (this) {
      if (!answered) {
        waiting.add(action);
        return;
      }
    }
    action.run();
  }

  /** The answer is given. */
  void run() {
    List<Runnable> due;
    synchronized (this) {
      answered = true;
      if (waiting.isEmpty()) {
        return;
      }
      due = List.copyOf(waiting);
      waiting.clear();
    }
    due.forEach(Runnable::run);
  }
}
