package dev.headgate.containers.async;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** The application's listener, which does as a scenario says. */
final class Listening implements AsyncListener {

  private final Scenario.OnEnd how;
  private final CountDownLatch over;

  /**
   * @param over is counted down when it has answered a timeout or an error
   */
  Listening(Scenario.OnEnd how, CountDownLatch over) {
    this.how = how;
    this.over = over;
  }

  private void end(AsyncEvent event) throws IOException {
    try {
      switch (how) {
        case NOTHING -> {}
        case COMPLETE -> event.getAsyncContext().complete();
        case DISPATCH -> event.getAsyncContext().dispatch();
        case ANSWER -> {
          var response = (HttpServletResponse) event.getAsyncContext().getResponse();
          response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
          response.getWriter().print("too slow");
          event.getAsyncContext().complete();
        }
      }
    } catch (IllegalStateException e) {
      // Somebody else was faster.
    } finally {
      over.countDown();
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) throws IOException {
    end(event);
  }

  @Override
  public void onError(AsyncEvent event) throws IOException {
    end(event);
  }

  @Override
  public void onComplete(AsyncEvent event) {
    over.countDown();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // A listener is for one phase, unless it says otherwise.
    event.getAsyncContext().addListener(this);
  }
}
