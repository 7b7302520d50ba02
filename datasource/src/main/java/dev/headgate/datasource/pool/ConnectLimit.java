package dev.headgate.datasource.pool;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * How many connections to a server are opened at a time in place of others: as many as the server
 * opens together without taking longer for each, and one more. With more of them none is there
 * sooner, and meanwhile all their places serve no one.
 *
 * <p>How many that are comes from Little's law: if a connect among others takes so many times as
 * long as alone, then so many times fewer than there are get on. How long one takes alone has to be
 * measured now and then, since with enough to do none ever is.
 *
 * <p>A connect that takes much too long is not counted, so that one that hangs delays others for a
 * moment only. Guarded by the server's lock.
 */
final class ConnectLimit {

  /** A connect, from when it may begin to its end. */
  final class Attempt {

    private final long begun;
    private final double sumBefore = sum;
    private boolean alone = attempts.isEmpty();
    private boolean overdue;

    private Attempt(long begun) {
      this.begun = begun;
    }

    /**
     * The connection was opened.
     *
     * @param taken how long the connect took, which may be less than what has passed since it might
     *     begin
     */
    void opened(long taken, long now) {
      // It may be so itself, if no one has looked meanwhile.
      forgetOverdue(now);
      end(now);
      if (overdue) {
        addOverdue(now);
      } else if (alone) {
        addAlone(taken, now);
      } else if (timesAlone > 0 && now > begun) {
        add((sum - sumBefore) / (now - begun), taken);
      }
    }

    /** The connection could not be opened. */
    void failed(long now) {
      if (alone && !overdue) {
        nextAlone = now + LOOK_AGAIN;
      }
      end(now);
    }

    private void end(long now) {
      note(now);
      attempts.remove(this);
    }
  }

  /** What else is going on at the server and here lets single ones take longer. */
  private static final double TOLERANCE = 1.25;

  /** How much of the way to a lower limit is gone at once. */
  private static final double PART = 0.25;

  private static final int SAMPLES_ALONE = 5;
  private static final int SAMPLES_AMONG = 8;

  /** How often one is alone: so seldom that it costs no more than a hundredth. */
  private static final long LOOK_AGAIN = SECONDS.toNanos(1);

  private static final int LOOK_AGAIN_TIMES = 200;
  private static final long LOOK_AGAIN_AFTER_OVERDUE = SECONDS.toNanos(10);

  private static final int OVERDUE_TIMES = 4;
  private static final long OVERDUE = MILLISECONDS.toNanos(100);

  /** As long as nobody knows how long a connect takes. */
  static final long OVERDUE_UNKNOWN = SECONDS.toNanos(1);

  private final int most;

  /** Those that are counted, in the order in which they began. */
  private final Deque<Attempt> attempts = new ArrayDeque<>(2);

  /** How many there were, summed up over all the time until {@link #noted}. */
  private double sum;

  private long noted;

  /** How long the last ones took that were alone; the oldest one is replaced. */
  private final long[] takenAlone = new long[SAMPLES_ALONE];

  private int timesAlone;

  /** From when on the next one is to be alone. */
  private long nextAlone;

  private double limit;

  private int samples;
  private double sumAmong;
  private final long[] takenAmong = new long[SAMPLES_AMONG];
  private int overdue;

  /**
   * Makes a limit, which limits nothing before it is known how long a connect takes.
   *
   * @param most how many connections there may be
   * @param now in nanoseconds of any clock, as everywhere here
   */
  ConnectLimit(int most, long now) {
    this.most = most;
    limit = most;
    noted = now;
    nextAlone = now;
  }

  /** Whether one more may be opened in place of another now. */
  boolean allows(long now) {
    forgetOverdue(now);
    return attempts.size() < (now - nextAlone >= 0 ? 1 : Math.round(limit));
  }

  /** One is about to be opened. */
  Attempt begin(long now) {
    forgetOverdue(now);
    note(now);
    attempts.forEach(other -> other.alone = false);
    Attempt attempt = new Attempt(now);
    attempts.add(attempt);
    return attempt;
  }

  /** Returns after what time a connect is not counted any more. */
  long untilOverdue() {
    // A server that makes one after the other needs so many times as long for the last one.
    return untilOverdue(Math.max(1, attempts.size()));
  }

  private long untilOverdue(int among) {
    return timesAlone == 0
        ? OVERDUE_UNKNOWN
        : Math.max(OVERDUE, (OVERDUE_TIMES - 1 + among) * medianAlone());
  }

  /** Returns after what time one of those that there are may be overdue. */
  long untilNextOverdue(long now) {
    Attempt oldest = attempts.peek();
    long left = untilOverdue() - (oldest == null ? 0 : now - oldest.begun);
    // It is sooner when others end.
    return Math.min(left, untilOverdue(1));
  }

  /** Counts those that take much too long no more, and returns whether there were any. */
  boolean forgetOverdue(long now) {
    int before = attempts.size();
    long longest = untilOverdue();
    for (Attempt oldest = attempts.peek();
        oldest != null && now - oldest.begun >= longest;
        oldest = attempts.peek()) {
      oldest.overdue = true;
      if (oldest.alone) {
        nextAlone = now + LOOK_AGAIN_AFTER_OVERDUE;
      }
      oldest.end(now);
    }
    return attempts.size() < before;
  }

  private void note(long now) {
    sum += (double) attempts.size() * (now - noted);
    noted = now;
  }

  private long medianAlone() {
    return median(takenAlone, Math.min(timesAlone, SAMPLES_ALONE));
  }

  private static long median(long[] samples, int known) {
    long[] sorted = Arrays.copyOf(samples, known);
    Arrays.sort(sorted);
    return sorted[(known - 1) / 2];
  }

  private void addAlone(long taken, long now) {
    takenAlone[timesAlone % SAMPLES_ALONE] = taken;
    timesAlone++;
    // The first of a JVM takes far longer than all others.
    boolean known = timesAlone >= SAMPLES_ALONE;
    nextAlone = now + Math.max(LOOK_AGAIN, known ? LOOK_AGAIN_TIMES * medianAlone() : 0);
  }

  private void add(double among, long taken) {
    overdue = 0;
    takenAmong[samples] = taken;
    samples++;
    sumAmong += among;
    if (samples == SAMPLES_AMONG) {
      // Medians on both sides: with a mean a few slow ones would pass for a server that is full.
      adapt(sumAmong / samples, (double) median(takenAmong, samples) / medianAlone());
      samples = 0;
      sumAmong = 0;
    }
  }

  /**
   * Draws the conclusion from some connects.
   *
   * @param among how many there were at a time
   * @param slower how many times as long as alone they took
   */
  private void adapt(double among, double slower) {
    if (slower > TOLERANCE) {
      // Not at once: single ones may take longer for other reasons, now and then many of them.
      limit += (Math.max(1, among / slower) + 1 - limit) * PART;
    } else {
      limit = Math.max(limit, among + 1);
    }
  }

  /** Many in a row that all take much longer do not hang: what was known is out of date. */
  private void addOverdue(long now) {
    overdue = timesAlone == 0 ? 0 : overdue + 1;
    if (overdue == SAMPLES_AMONG) {
      overdue = 0;
      timesAlone = 0;
      nextAlone = now;
      limit = most;
    }
  }
}
