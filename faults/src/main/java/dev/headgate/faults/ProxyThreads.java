package dev.headgate.faults;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The threads of one proxy, whose end can be waited for. */
final class ProxyThreads {

  private final String prefix;
  private final Set<Thread> running = new LinkedHashSet<>();

  ProxyThreads(String prefix) {
    this.prefix = prefix;
  }

  /** Makes a thread, and does not start it. */
  Thread newThread(String what, Runnable work) {
    Thread thread = new Thread(() -> run(work), prefix + what);
    thread.setDaemon(true);
    return thread;
  }

  synchronized void start(Thread thread) {
    running.add(thread);
    thread.start();
  }

  /**
   * Waits until all have ended but the current one, if it is one of them.
   *
   * @throws IllegalStateException if they have not ended by then
   */
  synchronized void awaitEnd(Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    boolean interrupted = false;
    try {
      while (running.stream().anyMatch(thread -> thread != Thread.currentThread())) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new IllegalStateException("threads of a proxy do not end: " + running);
        }
        try {
          wait(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run(Runnable work) {
    try {
      work.run();
    } finally {
      synchronized (this) {
        running.remove(Thread.currentThread());
        notifyAll();
      }
    }
  }
}
