package dev.headgate.datasource;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many threads ask a directory at a time. As many more wait a moment for their turn, in order;
 * so a directory that hangs, or is flooded with names, holds no more than twice that many.
 */
final class LookupLimit {

  private final int lookups;
  private final Duration moment;
  private final Semaphore asking;
  private final Semaphore waiting;

  /**
   * Makes a limit.
   *
   * @param moment how long someone waits for their turn
   */
  LookupLimit(int lookups, Duration moment) {
    this.lookups = lookups;
    this.moment = moment;
    this.asking = new Semaphore(lookups, true);
    this.waiting = new Semaphore(lookups);
  }

  /**
   * Lets the thread ask, until it says {@link #leave}.
   *
   * @param mayWait whether it waits a moment if it may not ask at once
   * @return whether it may ask
   */
  boolean enter(boolean mayWait) {
    // With a time, even of zero, it does not overtake those who wait.
    if (acquired(Duration.ZERO)) {
      return true;
    }
    if (!mayWait || !waiting.tryAcquire()) {
      return false;
    }
    try {
      return acquired(moment);
    } finally {
      waiting.release();
    }
  }

  private boolean acquired(Duration time) {
    try {
      return asking.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void leave() {
    asking.release();
  }

  @Override
  public String toString() {
    return "%d are being looked up, of at most %d, and %d wait for their turn: see why the directory is slow, or allow more lookups"
        .formatted(
            lookups - asking.availablePermits(), lookups, lookups - waiting.availablePermits());
  }
}
