package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.datasource.UnitOptions;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request in the filter, from its begin until it has been answered: its unit of work, and the
 * response that is held for it. It ends once: in a call of the filter or, if it has become
 * asynchronous, on the thread that completes it.
 */
final class Exchange implements HeldResponse.Gate {

  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  /** The request attribute with the exchange that the request is in. */
  private static final String ACTIVE = Exchange.class.getName();

  private final Setup setup;
  private final UnitOfWork work;
  private final HeldResponse held;
  private final Verdict verdict;
  private final Course course = new Course();
  private final boolean errorPage;
  private final boolean streamed;
  private final @Nullable StrippedPath stripped;
  private final LateActions actions = new LateActions();

  private final HttpServletRequest entered;

  /** Its path, for when the container has forgotten it. */
  private String pathOfEntry = "";

  /** From the first start as an asynchronous request on. */
  private volatile @Nullable AsyncTime asyncTime;

  /** That of the dispatch which goes on. */
  private HttpServletRequest request;

  /** The latest start as an asynchronous request. */
  private volatile @Nullable HeldAsync async;

  private @Nullable WriteListener listening;

  /** The latest of the phases that are over, whose listeners hear of the next one. */
  private @Nullable HeldAsync before;

  /**
   * Whether the container had made the request asynchronous before, for which this is an answer.
   */
  private final boolean asyncBefore;

  /**
   * Begins a unit of work for a request.
   *
   * @param failed the exchange whose error page this is, which goes on as that has begun; or null
   * @throws SQLException as {@code RoutingDataSource.begin}
   */
  Exchange(
      Setup setup,
      TenantId tenant,
      @Nullable Exchange failed,
      HttpServletRequest request,
      HttpServletResponse response)
      throws SQLException {
    this.setup = setup;
    this.request = request;
    this.entered = request;
    this.asyncBefore = request.isAsyncStarted();
    this.errorPage = request.getDispatcherType() == DispatcherType.ERROR;
    this.streamed = setup.streamed().test(request);
    this.stripped = StrippedPath.takenFrom(request);
    this.held = new HeldResponse(request, response, setup.limits(), this);
    // With options, since it must not join what other code has left open on this thread: then
    // the client would hear OK, and nothing would be committed.
    UnitOptions options = UnitOptions.defaults().actionsOn(actions).named(this::describe);
    this.work =
        setup
            .dataSource()
            .begin(tenant, failed == null ? options : options.restrictedAs(failed.work.database()));
    this.verdict = new Verdict(work, held, setup.rollBackOn(), errorPage);
  }

  /** Returns the exchange that a request is in, or was in last. */
  static @Nullable Exchange of(ServletRequest request) {
    return (Exchange) request.getAttribute(ACTIVE);
  }

  TenantId tenant() {
    return work.tenant();
  }

  /** Returns whether it has ended, and there is nothing left to be told. */
  boolean isOver() {
    return course.isOver();
  }

  private void over() {
    course.over();
    AsyncTime time = asyncTime;
    if (time != null) {
      time.stop();
    }
  }

  /** Returns whether this is the answer to a failure, in a unit of work of its own. */
  boolean isErrorPage() {
    return errorPage;
  }

  boolean isInside() {
    return course.isInside();
  }

  /** Returns how far the request has come, to lock and to ask. */
  Course course() {
    return course;
  }

  /** Returns whether the container is Jetty, which does some things in its own way. */
  boolean isJettys() {
    return held.isJettys();
  }

  /** Returns whether the application takes the head of its answer for sent. */
  boolean isCommitted() {
    return held.isCommitted();
  }

  /** Goes through the application for the first time. */
  void begin(FilterChain chain) throws IOException, ServletException {
    FilterChain next = stripped != null ? stripped::forward : chain;
    dispatch(new UnitRequest(request, this), held.forApplication(), next);
  }

  /** Goes through the application again, for an ASYNC dispatch. */
  void resume(HttpServletRequest dispatched, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HeldAsync last = async;
    before = last;
    async = null;
    Throwable why = verdict.failure();
    if (why != null || last == null) {
      // It is for this that the dispatch was asked for: see end().
      answer(why != null ? why : new IllegalStateException("the request has ended"));
      return;
    }
    work.resume();
    course.enter();
    if (last.hasOriginalRequestAndResponse()) {
      request = dispatched;
      held.target(response);
      FilterChain next =
          stripped != null && last.isToTheSamePath() ? stripped::forwardAgain : chain;
      dispatch(new UnitRequest(dispatched, this), held.forApplication(), next);
    } else {
      dispatch(dispatched, response, chain);
    }
  }

  private void dispatch(ServletRequest given, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Throwable thrown = null;
    TenantInLog tenant = new TenantInLog(work.tenant());
    try {
      request.setAttribute(ACTIVE, this);
      chain.doFilter(given, response);
      callListener();
    } catch (IOException | ServletException | RuntimeException | Error e) {
      thrown = e;
    } finally {
      tenant.end();
    }
    HeldAsync started = async;
    if (started != null) {
      started.left(thrown);
      return;
    }
    verdict.failed(thrown);
    if (!asyncBefore && request.isAsyncStarted()) {
      verdict.failed(
          new IllegalStateException("the request was made asynchronous behind the filter"));
    }
    endHere();
  }

  /**
   * What was thrown is answered in the dispatch that was asked for, or by Tomcat in place of it,
   * which has no question then.
   */
  void failedBeforeDispatch(Throwable thrown) {
    verdict.failed(thrown);
    held.discard();
  }

  /** Ends in the filter's call, so that the container hears of a failure by what it throws. */
  private void endHere() throws IOException, ServletException {
    course.leaveToEnd();
    verdict.reach(request);
    over();
    try {
      Throwable why = verdict.failure();
      if (why == null) {
        held.release();
      } else {
        answer(why);
      }
    } finally {
      held.seal();
      actions.run();
    }
  }

  /** Ends as soon as no thread works, or at once if that can't change what becomes of it. */
  void end(HeldAsync completed) {
    if (verdict.isRollback()) {
      endNow(completed);
    } else {
      work.whenFree(() -> endNow(completed));
    }
  }

  private void endNow(HeldAsync completed) {
    if (course.takeEnd()) {
      endTaken(completed);
    }
  }

  private void endTaken(HeldAsync completed) {
    course.concluding();
    held.freeze();
    try {
      verdict.reach(request);
      if (verdict.failure() == null) {
        held.release();
      }
    } catch (IOException | RuntimeException e) {
      log.debug("The answer could not be sent: the client has gone", e);
    } finally {
      held.seal();
      if (verdict.failure() == null) {
        over();
      }
      course.concluded(conclude(completed));
      actions.run();
    }
  }

  /** Has the container go on, now that it is known how; returns whether it does. */
  private boolean conclude(HeldAsync completed) {
    // Only what the filter's call throws has the container answer in its own way.
    return isOver() ? completed.completeNow() : completed.dispatchNow(pathOfEntry);
  }

  /**
   * Waits for the thread that ends this. Jetty lets no other thread have it go on during a timeout,
   * so that it is for this one to do. Nor is Tomcat told twice: it may be in the connection's next
   * request by then.
   */
  void awaitConclusion(HeldAsync completed) {
    if (course.awaitConclusion()) {
      conclude(completed);
    }
  }

  /** Returns the path of a request below its web application, encoded. */
  static String path(HttpServletRequest request) {
    return request.getRequestURI().substring(request.getContextPath().length());
  }

  /** Returns method and path, for reports: no query and no session that may stand in the path. */
  private String describe() {
    return OneLine.of(entered.getMethod() + " " + entered.getRequestURI().replaceAll(";[^/]*", ""));
  }

  HttpServletRequest entered() {
    return entered;
  }

  /** Ends without an answer, since the container gives one. */
  void abandon() {
    if (course.takeEnd()) {
      giveUp();
    }
  }

  /** Ends without an answer, since a page gives one, which keeps its status. */
  void abandonTo(HttpServletResponse page) {
    if (course.takeEnd()) {
      held.discardFor(page);
      giveUp();
    }
  }

  /** Ends after a timeout or an error; for who has taken the end. */
  void expire(HeldAsync expired) {
    if (held.isStreaming()) {
      // Jetty would end the answer cleanly after a timeout.
      verdict.failed(
          new IOException("the asynchronous request has timed out or failed in its answer"));
      endTaken(expired);
    } else {
      held.discard();
      giveUp();
    }
  }

  /** Ends although nobody has asked for it, since the container has not either. */
  private void overdue() {
    HeldAsync last;
    synchronized (course) {
      last = async;
      if (course.hasEnded()) {
        return;
      }
      if (course.isInside() || last == null) {
        // It is about to be answered, or to be refused another start.
        Objects.requireNonNull(asyncTime).extend();
        return;
      }
      course.takeEnd();
    }
    log.error(
        "An asynchronous request of tenant {} has not ended in time, and its work is rolled back",
        work.tenant());
    verdict.cancel();
    verdict.failed(new IOException("the asynchronous request has not ended in time"));
    endTaken(last);
  }

  private void giveUp() {
    verdict.giveUp(request);
    held.seal();
    over();
    actions.run();
  }

  /** Takes the application's answer back, and has the failure answered in place of it. */
  private void answer(Throwable why) throws IOException, ServletException {
    over();
    held.discard();
    FailureAnswer answer = new FailureAnswer(setup.retryAfter(), request, held.container());
    if (!answer.replaces(why)) {
      FailureAnswer.rethrow(why);
    }
  }

  /** What was done is not to be committed, and no more of it may be done. */
  void cancel() {
    verdict.cancel();
  }

  /** Takes the unit of work off this thread, if it is here. */
  void suspend() {
    try {
      work.suspend();
    } catch (SQLException | IllegalStateException e) {
      log.debug("The unit of work has ended, or can only be rolled back", e);
    }
  }

  /**
   * Makes the request asynchronous, with the request and response that are given to the container
   * if they are not null.
   */
  AsyncContext startAsync(
      UnitRequest caller, @Nullable ServletRequest given, @Nullable ServletResponse response) {
    AsyncTime time = asyncTime();
    time.start();
    pathOfEntry = path(entered);
    HttpServletRequest container = (HttpServletRequest) caller.getRequest();
    HeldAsync started;
    try {
      started =
          given == null || response == null
              ? new HeldAsync(this, container.startAsync(), caller, held.forApplication(), true)
              : new HeldAsync(this, container.startAsync(given, response), given, response, false);
    } catch (IllegalStateException e) {
      throw container.isAsyncSupported() ? e : AsyncMapping.notSupported(e);
    }
    started.begin(time);
    async = started;
    if (before != null) {
      before.restartedAs(started);
      before = null;
    }
    return started;
  }

  private synchronized AsyncTime asyncTime() {
    AsyncTime time = asyncTime;
    if (time == null) {
      time = new AsyncTime(setup.asyncLimit(), this::overdue);
      asyncTime = time;
    }
    return time;
  }

  /**
   * Throws where a dispatch would pass the filter by.
   *
   * @throws IllegalStateException if it would
   */
  void requireReached(String path) {
    setup.paths().require(path);
  }

  /** Returns the context of the request that was made asynchronous in this dispatch, if it was. */
  @Nullable HeldAsync async() {
    return async;
  }

  /** Returns a task that works in the unit of work, or outside of it if it comes too late. */
  Runnable inUnit(Runnable task) {
    Runnable logging =
        () -> {
          TenantInLog tenant = new TenantInLog(work.tenant());
          try {
            task.run();
          } finally {
            tenant.end();
          }
        };
    Runnable handed = work.handOver(logging);
    return () -> (course.hasEnded() ? logging : handed).run();
  }

  @Override
  public boolean asksToStream() {
    return streamed
        || Boolean.TRUE.equals(request.getAttribute(UnitOfWorkFilter.STREAM))
        || held.isEventStream();
  }

  @Override
  public void beforeBytes() throws IOException {
    verdict.beforeBytes();
  }

  @Override
  public void listen(WriteListener listener) {
    HeldAsync started = async;
    if (started == null) {
      throw new IllegalStateException("non-blocking output needs an asynchronous request");
    }
    synchronized (course) {
      if (course.isInside()) {
        listening = listener;
        return;
      }
    }
    started.start(() -> write(listener));
  }

  private void callListener() {
    WriteListener listener = listening;
    if (listener != null) {
      listening = null;
      write(listener);
    }
  }

  private static void write(WriteListener listener) {
    try {
      listener.onWritePossible();
    } catch (IOException | RuntimeException e) {
      listener.onError(e);
    }
  }
}
