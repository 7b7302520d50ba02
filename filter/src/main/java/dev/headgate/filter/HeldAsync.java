package dev.headgate.filter;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The asynchronous phase of a request from one start to the next dispatch, or to the end: what the
 * application asks of it is done when the unit of work allows. The container has it call this
 * object, and this object calls the application's listeners, so that it is there before and after
 * them.
 */
final class HeldAsync implements AsyncContext, AsyncListener {

  private static final Logger log = LoggerFactory.getLogger(HeldAsync.class);

  private enum State {
    /** The application may dispatch or complete it. */
    OPEN("is open"),
    /** The application has dispatched it: the container will call the filter again. */
    DISPATCHED("was dispatched"),
    /** The application has completed it: the answer goes out when the unit of work has ended. */
    COMPLETED("was completed"),
    /** The dispatch in which it was started has failed, and no listener was told of it yet. */
    FAILED("has failed"),
    /** It has timed out or failed, and no listener has answered: the container does. */
    EXPIRED("has timed out or failed");

    private final String said;

    State(String said) {
      this.said = said;
    }
  }

  private record Listening(
      AsyncListener listener,
      @Nullable ServletRequest request,
      @Nullable ServletResponse response) {}

  @FunctionalInterface
  private interface Call {
    void on(AsyncListener listener, AsyncEvent event) throws IOException;
  }

  private final Exchange exchange;
  private final Course course;
  private final AsyncContext container;
  private final ServletRequest request;
  private final ServletResponse response;
  private final boolean original;
  private final List<Listening> listeners = new CopyOnWriteArrayList<>();

  private @Nullable AsyncTime time;
  private boolean toTheSamePath;

  /** Whether the container is being asked for a dispatch. Guarded by the course. */
  private boolean asking;

  /** Guarded by the course. */
  private State state = State.OPEN;

  HeldAsync(
      Exchange exchange,
      AsyncContext container,
      ServletRequest request,
      ServletResponse response,
      boolean original) {
    this.exchange = exchange;
    this.course = exchange.course();
    this.container = container;
    this.request = request;
    this.response = response;
    this.original = original;
  }

  /** Begins to listen; the container has told the listeners of the phase before of it. */
  void begin(AsyncTime limit) {
    time = limit;
    container.setTimeout(limit.bounded(container.getTimeout()));
    container.addListener(this);
  }

  /** The dispatch in which it was started has left the filter, with what it has thrown. */
  void left(@Nullable Throwable thrown) throws IOException, ServletException {
    boolean completed;
    boolean dispatched;
    synchronized (course) {
      course.leave();
      completed = state == State.COMPLETED;
      dispatched = state == State.DISPATCHED;
      if (thrown != null && !dispatched) {
        // From now on the container answers, and no other thread beside it.
        state = State.FAILED;
      }
    }
    exchange.suspend();
    if (thrown != null) {
      exchange.cancel();
      if (dispatched) {
        exchange.failedBeforeDispatch(thrown);
      }
      FailureAnswer.rethrow(thrown);
    } else if (completed) {
      exchange.end(this);
    }
  }

  @Override
  public void complete() {
    boolean inside;
    synchronized (course) {
      if (state == State.COMPLETED) {
        return;
      }
      moveTo(State.COMPLETED);
      if (course.isInsideHere()) {
        return;
      }
      // Who is inside ends it, and may throw meanwhile.
      inside = course.isInside();
    }
    exchange.suspend();
    if (!inside) {
      exchange.end(this);
    }
  }

  /** Has the container finish the response; returns whether it does. */
  boolean completeNow() {
    return accepted(container::complete);
  }

  /** Has the container call the filter again, which has something to throw. */
  boolean dispatchNow(String path) {
    return accepted(() -> container.dispatch(path));
  }

  private static boolean accepted(Runnable call) {
    try {
      call.run();
      return true;
    } catch (RuntimeException e) {
      log.debug("The container has completed or forgotten the request, or tells of a timeout", e);
      return false;
    }
  }

  @Override
  public void dispatch() {
    dispatch(
        () -> {
          toTheSamePath = true;
          HttpServletRequest dispatched =
              request instanceof HttpServletRequest own && !original ? own : exchange.entered();
          exchange.requireReached(Exchange.path(dispatched));
          container.dispatch();
        });
  }

  @Override
  public void dispatch(String path) {
    dispatch(
        () -> {
          // One to the same path may have been refused before.
          toTheSamePath = false;
          exchange.requireReached(path);
          container.dispatch(path);
        });
  }

  @Override
  public void dispatch(ServletContext context, String path) {
    if (!context.getContextPath().equals(request.getServletContext().getContextPath())) {
      throw new IllegalStateException(
          "dispatch to the web application at \"%s\": the filter is not in front of it, so that what it answers would not wait for the unit of work"
              .formatted(context.getContextPath()));
    }
    dispatch(path);
  }

  private void dispatch(Runnable byContainer) {
    synchronized (course) {
      moveTo(State.DISPATCHED);
      asking = true;
    }
    try {
      if (!course.isInsideHere()) {
        exchange.suspend();
      }
      byContainer.run();
    } catch (RuntimeException | Error e) {
      dispatchIs(State.OPEN);
      throw e;
    }
    dispatchIs(State.DISPATCHED);
  }

  /** The container has accepted a dispatch, or not. */
  private void dispatchIs(State next) {
    synchronized (course) {
      state = next;
      asking = false;
      course.notifyAll();
    }
  }

  private void moveTo(State next) {
    if (state != State.OPEN) {
      throw new IllegalStateException("the asynchronous request %s".formatted(state.said));
    }
    state = next;
  }

  /** Returns whether it was dispatched without another path. */
  boolean isToTheSamePath() {
    return toTheSamePath;
  }

  @Override
  public void start(Runnable task) {
    container.start(exchange.inUnit(task));
  }

  @Override
  public ServletRequest getRequest() {
    return request;
  }

  @Override
  public ServletResponse getResponse() {
    return response;
  }

  @Override
  public boolean hasOriginalRequestAndResponse() {
    return original;
  }

  @Override
  public void addListener(AsyncListener listener) {
    listeners.add(new Listening(listener, null, null));
  }

  @Override
  public void addListener(
      AsyncListener listener, ServletRequest request, ServletResponse response) {
    listeners.add(new Listening(listener, request, response));
  }

  @Override
  public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
    return container.createListener(type);
  }

  @Override
  public void setTimeout(long milliseconds) {
    container.setTimeout(Objects.requireNonNull(time).bounded(milliseconds));
  }

  @Override
  public long getTimeout() {
    return container.getTimeout();
  }

  /** The container tells when there is no phase to be told of yet: see {@link #restartedAs}. */
  @Override
  public void onStartAsync(AsyncEvent event) {}

  /** The next phase has begun. */
  void restartedAs(HeldAsync next) {
    tell(next, null, AsyncListener::onStartAsync);
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    over(event, AsyncListener::onTimeout);
  }

  @Override
  public void onError(AsyncEvent event) {
    over(event, AsyncListener::onError);
  }

  @Override
  public void onComplete(AsyncEvent event) {
    if (isDispatched() && !course.hasEnded()) {
      log.error(
          "An ASYNC dispatch did not come to the filter: the work is rolled back. Either the"
              + " container dropped it, as Tomcat does after an exception, or the filter is not"
              + " mapped to ASYNC dispatches, and the answer did not wait for COMMIT");
    }
    try {
      tell(this, event.getThrowable(), AsyncListener::onComplete);
    } finally {
      exchange.abandon();
    }
  }

  private boolean isDispatched() {
    synchronized (course) {
      return state == State.DISPATCHED && exchange.async() == this;
    }
  }

  /** The work is given up; a listener may answer, otherwise it is the container that does. */
  private void over(AsyncEvent event, Call call) {
    if (!course.hasEnded()) {
      exchange.cancel();
    }
    synchronized (course) {
      if (state == State.FAILED) {
        state = State.OPEN;
      }
    }
    tell(this, event.getThrowable(), call);
    boolean abandoned;
    synchronized (course) {
      // Tomcat refuses what another thread asks for while it tells of a failure.
      course.await(() -> !asking);
      if (state == State.DISPATCHED) {
        return;
      }
      abandoned = course.takeEnd();
      if (abandoned) {
        state = State.EXPIRED;
      }
    }
    if (abandoned) {
      exchange.expire(this);
    } else {
      exchange.awaitConclusion(this);
    }
  }

  @SuppressWarnings("CatchingUnchecked") // an Error of one must not keep the others from their turn
  private void tell(HeldAsync context, @Nullable Throwable thrown, Call call) {
    for (Listening each : listeners) {
      AsyncEvent own = new AsyncEvent(context, each.request, each.response, thrown);
      try {
        call.on(each.listener, own);
      } catch (Throwable e) {
        log.warn("A listener of an asynchronous request has failed", e);
      }
    }
  }
}
