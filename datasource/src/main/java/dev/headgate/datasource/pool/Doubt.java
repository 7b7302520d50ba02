package dev.headgate.datasource.pool;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Signs that a server may be down, which are no proof. All times are in nanoseconds of the system's
 * clock. Safe for use by many threads.
 */
final class Doubt {

  /** Two who fail at different times need have nothing in common. */
  static final long LONGEST = TimeUnit.SECONDS.toNanos(5);

  /** What tests may cost a server: one connect in so much time. */
  static final long BETWEEN_TESTS = TimeUnit.MILLISECONDS.toNanos(250);

  /** Who has failed for a reason that may be anyone's. */
  private @Nullable Object doubter;

  private long doubted;
  private boolean testing;

  /** When the next test may be. */
  private long nextTest;

  Doubt(long now) {
    nextTest = now;
  }

  /**
   * Notes that someone has failed in a way that may be the fault of others, too.
   *
   * @return whether someone else has, too, a moment ago and since one has connected
   */
  synchronized boolean isSharedBy(Object someone, long now) {
    if (doubter == null || now - doubted >= LONGEST) {
      doubter = someone;
      doubted = now;
    }
    return doubter != someone;
  }

  /** Somebody got a connection. */
  synchronized void end() {
    doubter = null;
  }

  /** Begins a test of whether it answers, if there is none, and was none a moment ago. */
  synchronized boolean tryTest(long now) {
    if (testing || now - nextTest < 0) {
      return false;
    }
    testing = true;
    return true;
  }

  synchronized void tested(long now) {
    testing = false;
    nextTest = now + BETWEEN_TESTS;
  }
}
