package dev.headgate.containers.history;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Does something at a timeout. */
final class TimeoutListener implements AsyncListener {

  private final Trace trace;
  private final Runnable onTimeout;

  TimeoutListener(Trace trace, Runnable onTimeout) {
    this.trace = trace;
    this.onTimeout = onTimeout;
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    trace.event("timeout");
    onTimeout.run();
  }

  @Override
  public void onError(AsyncEvent event) {
    trace.event("error " + event.getThrowable());
  }

  @Override
  public void onComplete(AsyncEvent event) {}

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
