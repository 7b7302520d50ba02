package dev.headgate.containers.history;

import dev.headgate.datasource.RoutingDataSource;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The servlet: has a request do what its plan says, on the threads that it says. */
final class Stage extends HttpServlet {

  static final String PATH = "/work";
  static final String ELSEWHERE = "/elsewhere";

  private static final long serialVersionUID = 1L;

  /** Jetty misses timeouts that end before it has noted them (AsyncContextEvent.run). */
  private static final long TIMEOUT_MILLIS = 100;

  private static final long PATIENCE_SECONDS = 30;

  /** A part of the work. */
  @FunctionalInterface
  private interface Scene {
    void play() throws SQLException, IOException, ServletException;
  }

  private final transient Script script;
  private final transient RoutingDataSource dataSource;
  private final transient Executor executor;

  Stage(Script script, RoutingDataSource dataSource, Executor executor) {
    this.script = script;
    this.dataSource = dataSource;
    this.executor = executor;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    Trace trace = script.trace(request);
    var performance = new Performance(dataSource, trace, response);
    try {
      if (request.getDispatcherType() == DispatcherType.ASYNC) {
        trace.event("dispatched");
        performance.secondHalf();
        performance.end();
      } else {
        performance.begin(request);
        new Act(trace, performance, request, response).play();
      }
    } catch (SQLException e) {
      throw new ServletException(e);
    } catch (IOException | ServletException | RuntimeException e) {
      trace.event("leaves the servlet: " + e);
      throw e;
    }
  }

  /** A request that begins. */
  private final class Act {

    private final Trace trace;
    private final Plan plan;
    private final Performance performance;
    private final HttpServletRequest request;
    private final HttpServletResponse response;

    Act(
        Trace trace,
        Performance performance,
        HttpServletRequest request,
        HttpServletResponse response) {
      this.trace = trace;
      this.plan = trace.plan();
      this.performance = performance;
      this.request = request;
      this.response = response;
    }

    void play() throws SQLException, IOException, ServletException {
      switch (plan.shape()) {
        case SYNC -> {
          performance.all();
          performance.end();
        }
        case START -> {
          AsyncContext async = start();
          performance.firstHalf();
          async.start(() -> completing(async, performance::secondHalf));
        }
        case HAND_OVER -> {
          performance.firstHalf();
          AsyncContext async = start();
          onExecutor(() -> completing(async, performance::secondHalf));
        }
        case DISPATCH -> {
          AsyncContext async = start();
          onExecutor(() -> dispatching(async, async::dispatch));
        }
        case DISPATCH_ELSEWHERE -> {
          AsyncContext async = start();
          onExecutor(() -> dispatching(async, () -> async.dispatch(ELSEWHERE)));
        }
        case DISPATCH_INSIDE -> {
          performance.firstHalf();
          start().dispatch();
        }
        case COMPLETE_INSIDE -> {
          AsyncContext async = start();
          executor.execute(() -> complete(async));
          performance.all();
          performance.endByResponse();
        }
        case COMPLETE_ELSEWHERE -> {
          performance.firstHalf();
          AsyncContext async = start();
          var working = new CountDownLatch(1);
          onExecutor(
              () ->
                  logging(
                      () -> {
                        working.countDown();
                        performance.secondHalfWithoutBody();
                      }));
          trace.ending().countDown();
          executor.execute(
              () -> {
                if (plan.careless()) {
                  await(working);
                }
                complete(async);
              });
        }
        case COMPLETE_AND_THROW -> {
          AsyncContext async = start();
          executor.execute(() -> complete(async));
          performance.all();
          trace.ending().countDown();
          throw new ServletException("as planned, after complete() by another thread");
        }
        case LISTENER -> {
          AsyncContext async = start();
          response.getOutputStream().setWriteListener(listener(async));
        }
        case THROW_AFTER_START -> {
          performance.all();
          start();
          trace.ending().countDown();
          throw new ServletException("as planned, asynchronously");
        }
        default -> playTimeout();
      }
    }

    private void playTimeout() throws SQLException, IOException {
      performance.firstHalf();
      trace.ending().countDown();
      AsyncContext async = start();
      var timedOut = new CountDownLatch(1);
      async.setTimeout(TIMEOUT_MILLIS);
      async.addListener(
          new TimeoutListener(
              trace,
              () -> {
                timedOut.countDown();
                switch (plan.shape()) {
                  case TIMEOUT_ANSWERED -> complete(async);
                  case TIMEOUT_ANSWERED_WITH_FAILURE -> {
                    logging(() -> response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE));
                    logging(() -> response.setHeader(Performance.SUCCESS, "false"));
                    complete(async);
                  }
                  default -> {}
                }
              }));
      switch (plan.shape()) {
        case TIMEOUT_BUSY ->
            onExecutor(
                () -> {
                  logging(performance::secondHalfWithoutBody);
                  await(timedOut);
                  logging(performance::secondHalfWithoutBody);
                  complete(async);
                });
        case TIMEOUT_IN_STATEMENT ->
            onExecutor(
                () -> {
                  logging(() -> performance.work().hang());
                  logging(performance::secondHalfWithoutBody);
                  complete(async);
                });
        case TIMEOUT_AGAINST_COMPLETE ->
            onExecutor(
                () -> {
                  logging(performance::secondHalfWithoutBody);
                  // Before, after and at the same time.
                  awaitAtMost(timedOut, TIMEOUT_MILLIS - 10 + plan.index() % 20);
                  complete(async);
                });
        default -> {}
      }
    }

    private AsyncContext start() {
      return plan.wrapped()
          ? request.startAsync(
              new HttpServletRequestWrapper(request), new HttpServletResponseWrapper(response))
          : request.startAsync();
    }

    private void onExecutor(Runnable task) {
      trace.event("hands over");
      Runnable handed = dataSource.current().handOver(task);
      executor.execute(
          () -> {
            try {
              handed.run();
            } catch (IllegalStateException e) {
              trace.event("comes too late: " + e);
            }
          });
    }

    private void completing(AsyncContext async, Scene scene) {
      ending(scene);
      complete(async);
    }

    private void ending(Scene scene) {
      try {
        scene.play();
        performance.endByResponse();
      } catch (SQLException | IOException | ServletException | RuntimeException e) {
        trace.event("has failed: " + e);
        logging(() -> performance.sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR));
      }
    }

    private void dispatching(AsyncContext async, Runnable dispatch) {
      try {
        performance.firstHalf();
      } catch (SQLException | IOException | RuntimeException e) {
        trace.event("has failed: " + e);
        logging(() -> performance.sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR));
        complete(async);
        return;
      }
      logging(dispatch::run);
    }

    private void complete(AsyncContext async) {
      logging(
          () -> {
            trace.event("completes");
            async.complete();
            trace.event("has completed");
          });
    }

    private void logging(Scene scene) {
      try {
        scene.play();
      } catch (SQLException | IOException | ServletException | RuntimeException e) {
        trace.event("has failed: " + e);
      }
    }

    private WriteListener listener(AsyncContext async) {
      return new WriteListener() {
        @Override
        public void onWritePossible() {
          completing(async, performance::all);
        }

        @Override
        public void onError(Throwable e) {
          trace.event("listener hears of " + e);
        }
      };
    }
  }

  private static void await(CountDownLatch latch) {
    awaitAtMost(latch, TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
  }

  private static void awaitAtMost(CountDownLatch latch, long millis) {
    try {
      boolean reached = latch.await(millis, TimeUnit.MILLISECONDS);
      if (!reached && millis > TIMEOUT_MILLIS * 2) {
        throw new UncheckedIOException(new IOException("it was waited for too long"));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
