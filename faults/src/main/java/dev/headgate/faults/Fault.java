package dev.headgate.faults;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What happens to a JDBC call besides, or instead of, its effect.
 *
 * <p>A fault does nothing until it is armed: {@link StubDatabase#arm}, {@link StubDatabase#armAt}.
 * A fault <em>before</em> the effect strikes when the client has made the call and nothing was
 * done. A fault <em>after</em> the effect strikes when it was done and the client does not know it;
 * if the call fails by itself, the client gets that failure and the fault does not strike.
 *
 * <p>Several faults can meet one call. They strike in the order in which they were armed, until one
 * throws: a call that hangs and then fails is {@link #blockBefore} and then {@link #throwBefore}.
 *
 * <p>Immutable, and can be armed more than once.
 */
public final class Fault {

  enum Moment {
    BEFORE,
    AFTER
  }

  private interface Strike {
    void on(PhysicalConnection connection) throws SQLException;
  }

  /** Blocked calls and waiting tests give up after this, so that no mistake hangs a build. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Moment moment;
  private final Strike strike;

  private Fault(Moment moment, Strike strike) {
    this.moment = moment;
    this.strike = strike;
  }

  /**
   * The call throws and has no effect.
   *
   * @param failure makes what is thrown, each time anew so that failures can be suppressed in one
   *     another: an {@code SQLException}, a {@code RuntimeException} or an {@code Error}. Where a
   *     method declares no plain {@code SQLException} it becomes the cause of what can be thrown:
   *     an {@code SQLClientInfoException} for {@code setClientInfo}, an {@code
   *     IllegalStateException} for the driver's version numbers in the metadata
   */
  public static Fault throwBefore(Supplier<? extends Throwable> failure) {
    return new Fault(Moment.BEFORE, connection -> raise(failure.get()));
  }

  /**
   * The call has its effect, then throws: a COMMIT whose answer is lost. {@code Driver.connect}
   * closes the connection that nobody will get.
   *
   * @param failure as in {@link #throwBefore}
   */
  public static Fault throwAfter(Supplier<? extends Throwable> failure) {
    return new Fault(Moment.AFTER, connection -> raise(failure.get()));
  }

  /**
   * The call waits for the latch and then has its effect.
   *
   * <p>Interrupts do not wake it, as they do not wake a read from a socket. After 30 seconds it
   * throws an {@code AssertionError} and has no effect.
   */
  public static Fault blockBefore(CountDownLatch release) {
    return blockBefore(release, LONGEST_WAIT);
  }

  static Fault blockBefore(CountDownLatch release, Duration longest) {
    return new Fault(Moment.BEFORE, connection -> await(release, longest, "a blocked call"));
  }

  /**
   * The call has its effect and waits for the latch before it returns; as in {@link #blockBefore},
   * for 30 seconds at most.
   */
  public static Fault blockAfter(CountDownLatch release) {
    return new Fault(Moment.AFTER, connection -> await(release, LONGEST_WAIT, "a blocked call"));
  }

  /**
   * The connection breaks before the call takes effect. This call and all later ones on the
   * connection, its statements and results fail with SQLState 08006; only {@code close}, {@code
   * abort} and {@code isClosed} go on working, and {@code isValid} is false. The open transaction
   * is rolled back.
   */
  public static Fault breakBefore() {
    return new Fault(Moment.BEFORE, PhysicalConnection::breakDown);
  }

  /**
   * The call takes effect and then the connection breaks, as in {@link #breakBefore}: a COMMIT
   * whose outcome the client cannot know.
   */
  public static Fault breakAfter() {
    return new Fault(Moment.AFTER, PhysicalConnection::breakDown);
  }

  Moment moment() {
    return moment;
  }

  void strike(PhysicalConnection connection) throws SQLException {
    strike.on(connection);
  }

  static void await(CountDownLatch latch, Duration longest, String who) {
    long deadline = System.nanoTime() + longest.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          if (latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return;
          }
          throw new AssertionError(who + " waited " + longest.toMillis() + " ms in vain");
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

  private static void raise(Throwable failure) throws SQLException {
    if (failure instanceof SQLException exception) {
      throw exception;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    throw new IllegalArgumentException("no JDBC call can throw " + failure, failure);
  }
}
