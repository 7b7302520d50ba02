package dev.headgate.filter;

import dev.headgate.datasource.Outcome;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitInUseException;
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
import java.util.Optional;
import java.util.function.BooleanSupplier;
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
  private final boolean errorPage;
  private final boolean streamed;
  private final @Nullable StrippedPath stripped;
  private final LateActions actions = new LateActions();

  private final HttpServletRequest entered;

  /** Its path, for when the container has forgotten it. */
  private String pathOfEntry = "";

  /** From the first start as an asynchronous request on. */
  private @Nullable AsyncTime asyncTime;

  /** That of the dispatch which goes on. */
  private HttpServletRequest request;

  private volatile @Nullable Throwable failure;

  /** The latest start as an asynchronous request. */
  private volatile @Nullable HeldAsync async;

  private @Nullable WriteListener listening;

  /** The latest of the phases that are over, whose listeners hear of the next one. */
  private @Nullable HeldAsync before;

  /**
   * Whether the container had made the request asynchronous before, for which this is an answer.
   */
  private final boolean asyncBefore;

  /** The thread on which a dispatch is going through the application. Guarded by this object. */
  private @Nullable Thread inside = Thread.currentThread();

  /** Whether what becomes of the work is decided. Guarded by this object. */
  private boolean ended;

  /**
   * Whether the answer is decided, and there is nothing left to be told. Guarded by this object.
   */
  private boolean over;

  /** Whether what is left of the work is rolled back when another thread has done with it. */
  private volatile boolean rollbackWaits;

  /** Whether the container has been told to go on. Guarded by this object. */
  private boolean concluded;

  /**
   * Begins a unit of work for a request.
   *
   * @throws SQLException as {@code RoutingDataSource.begin}
   */
  Exchange(Setup setup, TenantId tenant, HttpServletRequest request, HttpServletResponse response)
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
    this.work = setup.dataSource().begin(tenant, UnitOptions.defaults().actionsOn(actions));
  }

  /** Returns the exchange that a request is in, or was in last. */
  static @Nullable Exchange of(ServletRequest request) {
    return (Exchange) request.getAttribute(ACTIVE);
  }

  TenantId tenant() {
    return work.tenant();
  }

  /** Returns whether it has ended, and there is nothing left to be told. */
  synchronized boolean isOver() {
    return over;
  }

  private synchronized void over() {
    over = true;
    notifyAll();
    if (asyncTime != null) {
      asyncTime.stop();
    }
  }

  /** Returns whether this is the answer to a failure, in a unit of work of its own. */
  boolean isErrorPage() {
    return errorPage;
  }

  synchronized boolean isInside() {
    return inside != null;
  }

  /** Returns whether a dispatch is going through the application on this thread. */
  synchronized boolean isInsideHere() {
    return inside == Thread.currentThread();
  }

  /** Returns whether the application takes the head of its answer for sent. */
  boolean isCommitted() {
    return held.isCommitted();
  }

  /** Goes through the application for the first time. */
  void begin(FilterChain chain) throws IOException, ServletException {
    dispatch(new UnitRequest(request, this), held.forApplication(), behind(chain));
  }

  /** Goes through the application again, for an ASYNC dispatch. */
  void resume(HttpServletRequest dispatched, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HeldAsync last = async;
    before = last;
    async = null;
    Throwable why = failure;
    if (why != null || last == null) {
      // It is for this that the dispatch was asked for: see end().
      answer(why != null ? why : new IllegalStateException("the request has ended"));
      return;
    }
    work.resume();
    synchronized (this) {
      inside = Thread.currentThread();
    }
    if (last.hasOriginalRequestAndResponse()) {
      request = dispatched;
      held.target(response);
      FilterChain next = last.isToTheSamePath() ? behind(chain) : chain;
      dispatch(new UnitRequest(dispatched, this), held.forApplication(), next);
    } else {
      dispatch(dispatched, response, chain);
    }
  }

  private FilterChain behind(FilterChain chain) {
    return stripped != null ? stripped::forward : chain;
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
    failed(thrown);
    if (!asyncBefore && request.isAsyncStarted()) {
      failed(new IllegalStateException("the request was made asynchronous behind the filter"));
    }
    endHere();
  }

  /** No dispatch goes through the application any more. */
  synchronized void left() {
    inside = null;
  }

  /** The first failure survives. */
  void failed(@Nullable Throwable thrown) {
    Throwable first = failure;
    if (first == null) {
      failure = thrown;
    } else if (thrown != null && thrown != first && thrown.getCause() != first) {
      first.addSuppressed(thrown);
    }
  }

  /**
   * What was thrown is answered in the dispatch that was asked for, or by Tomcat in place of it,
   * which has no question then.
   */
  void failedBeforeDispatch(Throwable thrown) {
    failed(thrown);
    held.discard();
  }

  /** Ends in the filter's call, so that the container hears of a failure by what it throws. */
  private void endHere() throws IOException, ServletException {
    synchronized (this) {
      inside = null;
      ended = true;
    }
    settle();
    over();
    try {
      Throwable why = failure;
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
    if (work.isRollbackOnly() || vetoes()) {
      endNow(completed);
    } else {
      work.whenFree(() -> endNow(completed));
    }
  }

  private void endNow(HeldAsync completed) {
    if (takeEnd()) {
      endTaken(completed);
    }
  }

  private void endTaken(HeldAsync completed) {
    held.freeze();
    try {
      settle();
      if (failure == null) {
        held.release();
      }
    } catch (IOException | RuntimeException e) {
      log.debug("The answer could not be sent: the client has gone", e);
    } finally {
      held.seal();
      if (failure == null) {
        over();
      }
      conclude(completed);
      synchronized (this) {
        concluded = true;
        notifyAll();
      }
      actions.run();
    }
  }

  /** Has the container go on, now that it is known how. */
  private void conclude(HeldAsync completed) {
    if (isOver()) {
      completed.completeNow();
    } else {
      // Only what the filter's call throws has the container answer in its own way.
      completed.dispatchNow(pathOfEntry);
    }
  }

  /**
   * Waits for the thread that ends this. Then the container goes on from here, since Jetty lets no
   * other thread have it do so during a timeout.
   */
  void awaitConclusion(HeldAsync completed) {
    synchronized (this) {
      await(() -> concluded || over);
    }
    conclude(completed);
  }

  /** Waits for a change that another thread makes. The caller holds this object's lock. */
  void await(BooleanSupplier condition) {
    boolean interrupted = false;
    while (!condition.getAsBoolean()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the path of a request below its web application, encoded. */
  static String path(HttpServletRequest request) {
    return request.getRequestURI().substring(request.getContextPath().length());
  }

  HttpServletRequest entered() {
    return entered;
  }

  /** Ends without an answer, since the container gives one. */
  void abandon() {
    if (takeEnd()) {
      giveUp();
    }
  }

  /** Returns whether the caller is the one who has to end this. */
  synchronized boolean takeEnd() {
    boolean first = !ended;
    ended = true;
    return first;
  }

  /** Ends without an answer, since a page gives one, which keeps its status. */
  void abandonTo(HttpServletResponse page) {
    if (takeEnd()) {
      held.discardFor(page);
      giveUp();
    }
  }

  /** Ends after a timeout or an error; for who has taken the end. */
  void expire(HeldAsync expired) {
    if (held.isStreaming()) {
      // Jetty would end the answer cleanly after a timeout.
      failed(new IOException("the asynchronous request has timed out or failed in its answer"));
      endTaken(expired);
    } else {
      held.discard();
      giveUp();
    }
  }

  /** Ends although nobody has asked for it, since the container has not either. */
  private void overdue() {
    HeldAsync last;
    synchronized (this) {
      last = async;
      if (ended) {
        return;
      }
      if (inside != null || last == null) {
        // It is about to be answered, or to be refused another start.
        Objects.requireNonNull(asyncTime).extend();
        return;
      }
      ended = true;
    }
    log.error(
        "An asynchronous request of tenant {} has not ended in time, and its work is rolled back",
        work.tenant());
    cancel();
    failed(new IOException("the asynchronous request has not ended in time"));
    endTaken(last);
  }

  private void giveUp() {
    rollBack();
    tellOutcome();
    held.seal();
    over();
    actions.run();
  }

  /** The whole decision: what happens to the work, and so what the client hears. */
  private void settle() {
    if (failure == null) {
      try {
        held.complete();
        if (keepsNothing()) {
          rollBack();
        } else {
          work.finish();
        }
      } catch (SQLException | RuntimeException | Error e) {
        failed(e);
      }
    }
    if (failure != null) {
      rollBack();
    }
    tellOutcome();
  }

  /**
   * Returns whether the work is rolled back without being a failure: the answer says it already.
   */
  private boolean keepsNothing() {
    return vetoes()
        || (held.getStatus() >= HttpServletResponse.SC_BAD_REQUEST && work.isRollbackOnly());
  }

  /** Returns whether the answer says that the work has failed; on an error page it says why. */
  private boolean vetoes() {
    int status = held.getStatus();
    return (setup.rollBackOn().test(status) || status < 0)
        && !(errorPage && held.hasStatusOfEntry());
  }

  /** If this fails the connection is destroyed, which rolls back too: the answer stands. */
  private void rollBack() {
    try {
      work.close();
    } catch (UnitInUseException e) {
      log.debug("The rollback waits for the thread that has the unit of work", e);
      rollbackWaits = true;
    } catch (SQLException | RuntimeException e) {
      Throwable first = failure;
      if (first == null) {
        log.warn("The rollback of a request of tenant {} failed", work.tenant(), e);
      } else if (first != e) {
        first.addSuppressed(e);
      }
    }
  }

  private void tellOutcome() {
    Optional<Outcome> soFar = work.outcome();
    if (rollbackWaits) {
      tell(
          soFar.filter(outcome -> outcome != Outcome.ROLLED_BACK).isPresent()
              ? Outcome.PARTLY
              : Outcome.ROLLED_BACK);
    } else {
      soFar.ifPresent(this::tell);
    }
  }

  private void tell(Outcome outcome) {
    if (errorPage) {
      return;
    }
    try {
      request.setAttribute(UnitOfWorkFilter.OUTCOME, outcome);
    } catch (RuntimeException e) {
      log.debug("The container has forgotten the request already", e);
    }
  }

  /** Takes the application's answer back, and has the failure answered in place of it. */
  private void answer(Throwable why) throws IOException, ServletException {
    over();
    if (held.container().getStatus() >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
      // Jetty may have begun to answer a failure before a dispatch, and tells no status again.
      held.discardFor(held.container());
    } else {
      held.discard();
    }
    FailureAnswer answer = new FailureAnswer(setup.retryAfter(), request, held.container());
    if (!answer.replaces(why)) {
      FailureAnswer.rethrow(why);
    }
  }

  /** What was done is not to be committed, and no more of it may be done. */
  void cancel() {
    try {
      work.cancel();
    } catch (SQLException | RuntimeException e) {
      log.warn("A statement of tenant {} could not be cancelled", work.tenant(), e);
    }
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
    return () -> (hasEnded() ? logging : handed).run();
  }

  synchronized boolean hasEnded() {
    return ended;
  }

  @Override
  public boolean asksToStream() {
    return streamed
        || Boolean.TRUE.equals(request.getAttribute(UnitOfWorkFilter.STREAM))
        || held.isEventStream();
  }

  @Override
  public void beforeBytes() throws IOException {
    if (keepsNothing()) {
      return;
    }
    try {
      work.commit();
    } catch (SQLException | RuntimeException e) {
      failed(e);
      held.seal();
      throw new IOException("the work of the request can't be committed, so it is not answered", e);
    }
  }

  @Override
  public void listen(WriteListener listener) {
    HeldAsync started = async;
    if (started == null) {
      throw new IllegalStateException("non-blocking output needs an asynchronous request");
    }
    synchronized (this) {
      if (inside != null) {
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
