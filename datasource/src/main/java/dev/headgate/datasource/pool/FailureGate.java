package dev.headgate.datasource.pool;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps borrowers from trying what is known to fail. It opens with a failure to connect; while it
 * is open, everyone is turned away at once but for one at a time, who tries, at growing intervals;
 * it closes when one has got a connection. The first attempt after a failure may be made at once,
 * so that a single failure costs nobody else anything.
 *
 * <p>All times are in nanoseconds of the system's clock. Safe for use by many threads.
 */
final class FailureGate {

  /** Between the second attempt that fails and the third. */
  static final long SHORTEST_INTERVAL = TimeUnit.MILLISECONDS.toNanos(250);

  /** What a test of a closed gate may cost a server: one connect in so much time. */
  private static final long BETWEEN_TESTS = SHORTEST_INTERVAL;

  /** Two who fail at different times need have nothing in common. */
  static final long LONGEST_DOUBT = TimeUnit.SECONDS.toNanos(5);

  private final long longestInterval;
  private final DoubleSupplier random;

  private volatile boolean open;
  private long opened;
  private long succeeded;
  private boolean everSucceeded;

  /** Who has failed for a reason that may be anyone's. */
  private @Nullable Object doubter;

  private long doubted;

  private int failures;
  private ConnectFailure last = ConnectFailure.NONE;

  private long interval;
  private long nextAttempt;
  private boolean attempting;
  private long attemptLost;

  private boolean testing;
  private long nextTest;
  private boolean everTested;

  /**
   * Makes a closed gate.
   *
   * @param longestInterval between an attempt that fails and the next one
   * @param random returns numbers from 0 to below 1, so that not all that wait come at once
   */
  FailureGate(long longestInterval, DoubleSupplier random) {
    this.longestInterval = longestInterval;
    this.random = random;
  }

  boolean isOpen() {
    return open;
  }

  /** Whether it is open, and nobody may try at this time. */
  synchronized boolean refuses(long now) {
    return open && !isDue(now);
  }

  private boolean isDue(long now) {
    return attempting ? now - attemptLost >= 0 : now - nextAttempt >= 0;
  }

  /**
   * Lets one through who tries, if it is time.
   *
   * @param lost from when on the attempt counts as failed, if nothing was heard of it
   */
  synchronized boolean tryEnter(long now, long lost) {
    if (!open || !isDue(now)) {
      return false;
    }
    if (attempting) {
      // Nobody knows what became of the last one; so it is counted, and the next one may go.
      lengthenInterval();
    }
    attempting = true;
    attemptLost = lost;
    return true;
  }

  /** Whoever was let through has not tried what the gate is for. */
  synchronized void leave(long now) {
    if (attempting) {
      attempting = false;
      nextAttempt = now;
    }
  }

  /**
   * Notes that someone has failed in a way that may be the fault of others, too.
   *
   * @return whether someone else has, too, a moment ago and since one has connected
   */
  synchronized boolean isDoubtedAlsoBy(Object someone, long now) {
    if (doubter == null || now - doubted >= LONGEST_DOUBT) {
      doubter = someone;
      doubted = now;
    }
    return doubter != someone;
  }

  /**
   * An attempt to connect has failed.
   *
   * @param begun when it was begun
   * @return whether the gate was closed before
   */
  synchronized boolean failed(ConnectFailure failure, long begun, long now) {
    if (open) {
      if (begun - opened >= 0) {
        failures++;
        last = failure;
        attempting = false;
        lengthenInterval();
        nextAttempt = now + jittered(interval);
      }
      return false;
    }
    if (everSucceeded && begun - succeeded < 0) {
      // Others have got a connection since.
      return false;
    }
    open = true;
    opened = now;
    failures = 1;
    last = failure;
    interval = 0;
    nextAttempt = now;
    attempting = false;
    return true;
  }

  private void lengthenInterval() {
    interval = Math.min(longestInterval, Math.max(SHORTEST_INTERVAL, 2 * interval));
  }

  /** Returns between three and five quarters of it. */
  private long jittered(long nanos) {
    return (long) (nanos * (0.75 + random.getAsDouble() / 2));
  }

  /**
   * A connection was opened.
   *
   * @return whether the gate was open before
   */
  synchronized boolean succeeded(long now) {
    boolean before = open;
    open = false;
    attempting = false;
    doubter = null;
    everSucceeded = true;
    succeeded = now;
    return before;
  }

  /**
   * Returns what to tell who is turned away.
   *
   * @return null if the gate is closed
   */
  synchronized @Nullable Refusal refusal(long now) {
    if (!open) {
      return null;
    }
    long due = attempting ? attemptLost : nextAttempt;
    // Spread over another interval, or all who were turned away would come back together.
    long spread = (long) (Math.max(interval, SHORTEST_INTERVAL) * random.getAsDouble());
    return new Refusal(last, failures, now - opened, Math.max(0, due - now) + spread);
  }

  /** Begins a test of a closed gate, if there is none, and was none a moment ago. */
  synchronized boolean tryTest(long now) {
    if (open || testing || (everTested && now - nextTest < 0)) {
      return false;
    }
    testing = true;
    everTested = true;
    return true;
  }

  synchronized void tested(long now) {
    testing = false;
    nextTest = now + BETWEEN_TESTS;
  }

  /** Whether an open gate has not been tried for so long that nobody can want it any more. */
  synchronized boolean isForgotten(long now, long after) {
    return open && now - (attempting ? attemptLost : nextAttempt) >= after;
  }

  /**
   * Why someone is turned away.
   *
   * @param failures how many attempts have failed
   * @param openNanos for how long it has been so
   * @param retryNanos after what time it may be worth trying again; different for each
   */
  record Refusal(ConnectFailure last, int failures, long openNanos, long retryNanos) {

    /** Returns it as it is thrown. */
    DatabaseUnavailableException of(Database database, @Nullable String pool) {
      return new DatabaseUnavailableException(
          "%s can't be connected to, and is not tried again for each request: %s (failed %d times in %d ms%s)"
              .formatted(
                  database,
                  last.reason(),
                  failures,
                  TimeUnit.NANOSECONDS.toMillis(openNanos),
                  pool == null ? "" : "; pool " + pool),
          last.sqlState(),
          null,
          Duration.ofNanos(retryNanos));
    }
  }
}
