package dev.headgate.containers.async;

import dev.headgate.containers.stage.Stage;
import dev.headgate.containers.stage.Trial;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;

/** A scenario as it happens to one request. */
final class Performance {

  /** Jetty misses timeouts that end before it has noted them (AsyncContextEvent.run). */
  private static final long TIMEOUT = 60;

  private static final long NO_TIMEOUT = 15_000;

  private final Stage stage;
  private final Scenario scenario;
  private final Executor threads;
  private final Trial trial;
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch acted = new CountDownLatch(1);

  Performance(Stage stage, Scenario scenario, Executor threads) {
    this.stage = stage;
    this.scenario = scenario;
    this.threads = threads;
    this.trial = stage.trial(this::dispatched);
  }

  Trial trial() {
    return trial;
  }

  Scenario scenario() {
    return scenario;
  }

  /** Waits until the servlet works. */
  void awaitBegun() {
    Stage.await(begun);
  }

  /** Waits until nothing of it goes on. Jetty drops a task whose request is over when it comes. */
  void awaitActed() {
    if (scenario.runner() != Scenario.Runner.CONTAINER_THREAD || !scenario.mayEndEarly()) {
      Stage.await(acted);
    }
  }

  private void dispatched(Trial trial, HttpServletRequest request, HttpServletResponse response)
      throws Exception {
    if (request.getDispatcherType() == DispatcherType.REQUEST) {
      begin(request, response);
    } else {
      goOn(request, response);
    }
  }

  private void begin(HttpServletRequest request, HttpServletResponse response) throws Exception {
    trial.insert("servlet");
    response.setHeader("Location", "/success");
    response.getWriter().print("success");
    AsyncContext async =
        scenario.start() == Scenario.Start.PLAIN
            ? request.startAsync()
            : request.startAsync(
                new HttpServletRequestWrapper(request), new HttpServletResponseWrapper(response));
    async.setTimeout(scenario.timesOut() ? TIMEOUT : NO_TIMEOUT);
    async.addListener(new Listening(scenario.listener(), over));
    run(async);
    begun.countDown();
    if (scenario.moment() == Scenario.Moment.BEFORE_THE_SERVLET_RETURNS) {
      Stage.await(acted);
    }
    if (scenario.throwing()) {
      throw new IllegalStateException("after the start");
    }
  }

  private void run(AsyncContext async) {
    switch (scenario.runner()) {
      case SERVLET -> act(async, true);
      case CONTAINER_THREAD -> async.start(() -> act(async, true));
      case OWN_THREAD -> threads.execute(() -> act(async, false));
      case OWN_THREAD_WITH_THE_UNIT -> handOver(threads, async);
      case VIRTUAL_THREAD_WITH_THE_UNIT -> handOver(VirtualThreads.executor(), async);
    }
  }

  private void handOver(Executor executor, AsyncContext async) {
    Runnable task = stage.dataSource().current().handOver(() -> act(async, true));
    executor.execute(
        () -> {
          try {
            task.run();
          } catch (IllegalStateException e) {
            // The unit has ended before its turn came.
            acted.countDown();
          } finally {
            stage.requireNothingHere("after a task");
          }
        });
  }

  private void act(AsyncContext async, boolean withTheUnit) {
    try {
      switch (scenario.moment()) {
        case BEFORE_THE_SERVLET_RETURNS -> {}
        case AFTER_THE_SERVLET -> trial.awaitLeft();
        case AFTER_THE_TIMEOUT -> Stage.await(over);
      }
      if (withTheUnit) {
        insert("acting");
      }
      for (Scenario.Act act : scenario.acts()) {
        ask(async, act);
      }
    } finally {
      acted.countDown();
    }
  }

  private static void ask(AsyncContext async, Scenario.Act act) {
    try {
      switch (act) {
        case COMPLETE -> async.complete();
        case DISPATCH -> async.dispatch();
        case DISPATCH_TO_ANOTHER_PATH -> async.dispatch(Stage.OTHER_PATH);
      }
    } catch (IllegalStateException e) {
      // It is too late for that.
    }
  }

  /** Inserts, if the unit of work takes it. */
  private void insert(String token) {
    try {
      trial.insert(token);
    } catch (SQLException | IllegalStateException e) {
      // It was given up, or has ended.
    }
  }

  private void goOn(HttpServletRequest request, HttpServletResponse response) throws Exception {
    insert("dispatched");
    response.setHeader("X-Dispatched", "yes");
    if (request.getAttribute("again") != null) {
      return;
    }
    request.setAttribute("again", true);
    switch (scenario.next()) {
      case FINISH -> {}
      case START_AGAIN -> {
        AsyncContext again = request.startAsync();
        again.start(
            () -> {
              insert("again");
              ask(again, Scenario.Act.COMPLETE);
            });
      }
      case THROW -> throw new IllegalStateException("in the dispatch");
    }
  }
}
