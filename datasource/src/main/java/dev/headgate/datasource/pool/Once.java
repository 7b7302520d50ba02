package dev.headgate.datasource.pool;

import java.util.concurrent.atomic.AtomicBoolean;

/** Runs something the first time only. */
final class Once implements Runnable {

  private final Runnable action;
  private final AtomicBoolean ran = new AtomicBoolean();

  Once(Runnable action) {
    this.action = action;
  }

  @Override
  public void run() {
    if (ran.compareAndSet(false, true)) {
      action.run();
    }
  }
}
