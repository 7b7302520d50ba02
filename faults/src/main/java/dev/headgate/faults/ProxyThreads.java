package dev.headgate.faults;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The threads of one proxy, whose end can be waited for. */
final class ProxyThreads {

  private final String prefix;

  /** Those that have not ended, and some that have. */
  private final Set<Thread> started = new LinkedHashSet<>();

  ProxyThreads(String prefix) {
    this.prefix = prefix;
  }

  /** Makes a thread, and does not start it. */
  Thread newThread(String what, Runnable work) {
    Thread thread = new Thread(work, prefix + what);
    thread.setDaemon(true);
    return thread;
  }

  synchronized void start(Thread thread) {
    started.removeIf(other -> !other.isAlive());
    thread.start();
    started.add(thread);
  }

  /**
   * Waits until all have ended but the current one, if it is one of them.
   *
   * @throws IllegalStateException if they have not ended by then
   */
  void awaitEnd(Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    boolean interrupted = false;
    try {
      // Those that run may start others.
      Set<Thread> others = others();
      while (!others.isEmpty()) {
        Thread next = others.iterator().next();
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new IllegalStateException("threads of a proxy do not end: " + others);
        }
        try {
          TimeUnit.NANOSECONDS.timedJoin(next, Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
        } catch (InterruptedException e) {
          interrupted = true;
        }
        others = others();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized Set<Thread> others() {
    Set<Thread> others = new LinkedHashSet<>(started);
    others.removeIf(thread -> thread == Thread.currentThread() || !thread.isAlive());
    return others;
  }
}
