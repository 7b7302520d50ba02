package dev.headgate.datasource.pool;

import org.jspecify.annotations.Nullable;

/**
 * Keeps borrowers from connecting to what is known to fail. It opens with a failure to connect;
 * while it is open, everyone is turned away at once but for one at a time, who probes, at growing
 * intervals; it closes when one has got a connection. The first probe after a failure may be made
 * at once, so that a single failure costs nobody else anything.
 *
 * <p>All times are in nanoseconds of the system's clock. Safe for use by many threads.
 */
final class FailureGate {

  /** What is known of a gate that is open. Guarded by the gate. */
  private static final class Opening {

    private final long since;
    private int failures = 1;
    private ConnectFailure last;
    private long interval;
    private long nextProbe;

    /** The token of who probes, and from when on that counts as failed. */
    private @Nullable Object probe;

    private long lost;

    Opening(ConnectFailure failure, long now) {
      since = now;
      last = failure;
      nextProbe = now;
    }

    long due() {
      return probe == null ? nextProbe : lost;
    }
  }

  private final Intervals intervals;

  /** Null if the gate is closed. */
  private volatile @Nullable Opening opening;

  /** When somebody got a connection, or this was made. */
  private long succeeded;

  /** Makes a closed gate. */
  FailureGate(Intervals intervals, long now) {
    this.intervals = intervals;
    this.succeeded = now;
  }

  boolean isOpen() {
    return opening != null;
  }

  /** Whether it is open, and nobody may probe at this time. */
  synchronized boolean refuses(long now) {
    return opening != null && now - opening.due() < 0;
  }

  /**
   * Lets one through who probes, if it is open and time for that.
   *
   * @param lost from when on the probe counts as failed, if nothing was heard of it
   * @return a token, or null
   */
  synchronized @Nullable Object tryProbe(long now, long lost) {
    Opening seen = opening;
    if (seen == null || now - seen.due() < 0) {
      return null;
    }
    if (seen.probe != null) {
      // Nobody knows what became of it; so it is counted, and the next one may go.
      seen.interval = intervals.after(seen.interval);
    }
    seen.probe = new Object();
    seen.lost = lost;
    return seen.probe;
  }

  /** Whoever was let through has not probed what the gate is for; the next one may, at once. */
  synchronized void leave(@Nullable Object probe, long now) {
    Opening seen = opening;
    if (seen != null && isCurrent(seen, probe)) {
      seen.probe = null;
      seen.nextProbe = now;
    }
  }

  private static boolean isCurrent(Opening seen, @Nullable Object probe) {
    return probe != null && seen.probe == probe;
  }

  /**
   * Somebody could not connect.
   *
   * @param probe the token, if that was a probe
   * @param begun when it was begun
   * @return whether the gate was closed before, and is open now
   */
  synchronized boolean failed(
      ConnectFailure failure, @Nullable Object probe, long begun, long now) {
    Opening seen = opening;
    if (seen == null) {
      if (begun - succeeded < 0) {
        // Others have got a connection since.
        return false;
      }
      opening = new Opening(failure, now);
      return true;
    }
    if (isCurrent(seen, probe)) {
      seen.failures++;
      seen.last = failure;
      seen.probe = null;
      seen.interval = intervals.after(seen.interval);
      seen.nextProbe = now + intervals.jittered(seen.interval);
    }
    return false;
  }

  /**
   * A connection was opened.
   *
   * @return whether the gate was open before
   */
  synchronized boolean succeeded(long now) {
    boolean before = opening != null;
    opening = null;
    succeeded = now;
    return before;
  }

  /**
   * Returns what to tell who is turned away.
   *
   * @return null if the gate is closed
   */
  synchronized @Nullable Refusal refusal(long now) {
    Opening seen = opening;
    if (seen == null) {
      return null;
    }
    long left = Math.max(0, seen.due() - now);
    return new Refusal(
        seen.last, seen.failures, now - seen.since, left + intervals.spread(seen.interval));
  }

  /** Whether an open gate has not been tried for so long that nobody can want it any more. */
  synchronized boolean isForgotten(long now, long after) {
    return opening != null && now - opening.due() >= after;
  }
}
