package dev.headgate.benchmarks.harness;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** The threads that have come since then, and are still there. */
public final class NewThreads {

  private final Set<Thread> before = alive();

  /** Returns how many there are now. */
  public int count() {
    Set<Thread> now = alive();
    now.removeAll(before);
    return now.size();
  }

  /** Waits until there are none, but no longer than that, and returns how many there are then. */
  public int countAfter(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    while (count() > 0 && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    return count();
  }

  private static Set<Thread> alive() {
    return new HashSet<>(Thread.getAllStackTraces().keySet());
  }
}
