package dev.headgate.faults;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Where a COMMIT, or the answer to it, waits in a {@link FaultProxy} until it is told to go on.
 *
 * <pre>{@code
 * Pause pause = new Pause();
 * proxy.onCommit(CommitFaults.next(CommitFault.pauseBefore(pause)));
 * … // a request whose COMMIT it is, in another thread
 * pause.awaitReached();
 * assertThat(answer.isDone()).isFalse();
 * pause.resume();
 * }</pre>
 *
 * <p>Several COMMITs can wait at one pause; none waits at one that was resumed. To have what waits
 * lost instead, {@link FaultProxy#cutAll()} is called before {@link #resume()}. What waited for 30
 * seconds is lost in the same way, so that no mistake hangs a build.
 *
 * <p>Thread-safe.
 */
public final class Pause {

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch resumed = new CountDownLatch(1);

  private final Duration longest;

  /** Creates one that nothing has reached. */
  public Pause() {
    this(Fault.LONGEST_WAIT);
  }

  Pause(Duration longest) {
    this.longest = longest;
  }

  /** Whether a COMMIT, or the answer to one, has come as far as this. */
  public boolean isReached() {
    return reached.getCount() == 0;
  }

  /**
   * Waits until a COMMIT, or the answer to one, has come as far as this.
   *
   * @throws AssertionError after 30 seconds
   */
  public void awaitReached() {
    Fault.await(reached, Fault.LONGEST_WAIT, "a test that awaits a COMMIT");
  }

  /** Lets go on what waits here and what will come. */
  public void resume() {
    resumed.countDown();
  }

  /** Waits, and tells whether it was told to go on. */
  boolean hold() throws InterruptedException {
    reached.countDown();
    return resumed.await(longest.toNanos(), TimeUnit.NANOSECONDS);
  }
}
