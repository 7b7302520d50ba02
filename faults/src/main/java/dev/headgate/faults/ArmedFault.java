package dev.headgate.faults;

import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/**
 * A {@link Fault} that waits for its call. It strikes once, unless told {@link #always()}.
 *
 * <p>Thread-safe.
 */
public final class ArmedFault {

  private final Object lock;
  private final Predicate<String> awaited;
  private final Fault fault;
  private final CountDownLatch fired = new CountDownLatch(1);
  private int toPass;
  private boolean always;
  private boolean spent;

  ArmedFault(Object lock, Predicate<String> awaited, int toPass, Fault fault) {
    this.lock = lock;
    this.awaited = awaited;
    this.toPass = toPass;
    this.fault = fault;
  }

  /**
   * Strikes at every such call until it is disarmed; if it was armed by index, at every call from
   * that one on.
   *
   * @return this
   */
  public ArmedFault always() {
    synchronized (lock) {
      always = true;
      spent = false;
    }
    return this;
  }

  /** Strikes no more. A call that it already struck, one that is blocked for instance, stays so. */
  public void disarm() {
    synchronized (lock) {
      always = false;
      spent = true;
    }
  }

  /** Whether it has struck; one that strikes after the effect has not done so before that. */
  public boolean hasFired() {
    return fired.getCount() == 0;
  }

  /**
   * Waits until it has struck: a call blocked before its effect has then arrived, one blocked after
   * its effect has had it.
   *
   * @throws AssertionError after 30 seconds
   */
  public void awaitFired() {
    Fault.await(fired, Fault.LONGEST_WAIT, "a test that awaits a fault");
  }

  /** Whether the call, which is being made, is the one to strike. Called once for each call. */
  boolean meets(String call) {
    if (spent || !awaited.test(call)) {
      return false;
    }
    if (toPass > 0) {
      toPass--;
      return false;
    }
    spent = !always;
    return true;
  }

  void strike(Fault.Moment moment, PhysicalConnection connection) throws SQLException {
    if (fault.moment() == moment) {
      fired.countDown();
      fault.strike(connection);
    }
  }
}
