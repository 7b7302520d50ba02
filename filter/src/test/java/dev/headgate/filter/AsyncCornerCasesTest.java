package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.Outcome;
import dev.headgate.faults.ArmedFault;
import dev.headgate.faults.Fault;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AsyncCornerCasesTest {

  private static final long TIMEOUT = 100;

  /** Long enough for COMMIT to begin before it, on a busy machine too. */
  private static final long LATE_TIMEOUT = 1000;

  private static final DispatcherType[] ALL = {
    DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR
  };

  private final StubApp app = new StubApp();
  private final ExecutorService worker = Executors.newCachedThreadPool();
  private final List<String> events = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    worker.shutdownNow();
    app.close();
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Runnable inserting(String token, Runnable then) {
    return () -> {
      try {
        app.insert(token);
      } catch (SQLException e) {
        events.add(e.toString());
      }
      then.run();
    };
  }

  private class Listening implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      events.add("complete");
    }

    @Override
    public void onTimeout(AsyncEvent event) throws java.io.IOException {
      events.add("timeout");
    }

    @Override
    public void onError(AsyncEvent event) {
      events.add("error");
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      events.add("start");
    }
  }

  /** H1, H3. */
  @Test
  void aTimeoutWhileTheCommitRuns_isNoFailureOfWhatIsStored() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    app.start(
        (request, response) -> {
          AsyncContext async = request.startAsync();
          async.setTimeout(LATE_TIMEOUT);
          async.addListener(new Listening());
          worker.execute(app.dataSource.current().handOver(inserting("a", async::complete)));
          response.getWriter().print("done");
        });
    ArmedFault commit = app.stub.arm("Connection.commit()"::equals, Fault.blockBefore(goOn));
    try (Wire wire = Wire.send(app.web.port(), "GET", "/", "Tenant: acme")) {
      commit.awaitFired();
      worker.execute(
          () -> {
            await().untilAsserted(() -> assertThat(events).contains("timeout"));
            goOn.countDown();
          });
      Answer answer = wire.answer();
      goOn.countDown();
      await().untilAsserted(() -> app.assertNothingLeft());
      assertThat(answer.status() == 200)
          .as("%s, stored: %s", answer.status(), app.stub.committed())
          .isEqualTo(app.stub.committed().contains("a"));
    } finally {
      goOn.countDown();
    }
  }

  /** As before, with a listener that answers the timeout. */
  @Test
  void aTimeoutWhileTheCommitRuns_andAListenerThatAnswers503() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    app.start(
        (request, response) -> {
          AsyncContext async = request.startAsync();
          async.setTimeout(LATE_TIMEOUT);
          async.addListener(
              new Listening() {
                @Override
                public void onTimeout(AsyncEvent event) {
                  response.setStatus(503);
                  event.getAsyncContext().complete();
                  goOn.countDown();
                  await().until(() -> !app.stub.committed().isEmpty());
                  await().pollDelay(java.time.Duration.ofMillis(50)).until(() -> true);
                }
              });
          worker.execute(app.dataSource.current().handOver(inserting("a", async::complete)));
          response.getWriter().print("done");
        });
    ArmedFault commit = app.stub.arm("Connection.commit()"::equals, Fault.blockBefore(goOn));
    try (Wire wire = Wire.send(app.web.port(), "GET", "/", "Tenant: acme")) {
      commit.awaitFired();
      Answer answer = wire.answer();
      assertThat(answer.status() == 200)
          .as("%s, stored: %s", answer.status(), app.stub.committed())
          .isEqualTo(app.stub.committed().contains("a"));
    } finally {
      goOn.countDown();
    }
  }

  /** The task's last call is dispatch(), while the servlet has not returned yet. */
  @Test
  void dispatchByATask_whileTheServletIsStillInside_isNoFailure() throws Exception {
    CountDownLatch dispatched = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    app.start(
        (request, response) -> {
          if (request.getDispatcherType() == DispatcherType.ASYNC) {
            try {
              app.insert("b");
            } finally {
              answered.countDown();
            }
            response.getWriter().print("ok");
            return;
          }
          AsyncContext async = request.startAsync();
          worker.execute(
              app.dataSource
                  .current()
                  .handOver(
                      inserting(
                          "a",
                          () -> {
                            async.dispatch();
                            dispatched.countDown();
                            // It returns a little later than the servlet.
                            awaited(answered);
                          })));
          awaited(dispatched);
        });
    Answer answer = app.get("/");
    assertThat(answer.status()).as("%s", app.thrown).isEqualTo(200);
    app.assertNothingLeft();
  }

  /**
   * AsyncListener.onStartAsync: "unless it registers itself with the AsyncContext of the event".
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aListenerThatRegistersItselfAgain_isTold(boolean filter) throws Exception {
    Web.Service service =
        (request, response) -> {
          AsyncContext async = request.startAsync();
          if (request.getDispatcherType() == DispatcherType.ASYNC) {
            async.complete();
            return;
          }
          async.addListener(
              new Listening() {
                @Override
                public void onStartAsync(AsyncEvent event) {
                  super.onStartAsync(event);
                  event.getAsyncContext().addListener(this);
                }
              });
          async.dispatch();
        };
    if (filter) {
      app.start(service);
      app.get("/");
    } else {
      try (Web plain = new Web()) {
        plain.servlet("/*", service).start();
        plain.get("/");
      }
    }
    await()
        .atMost(java.time.Duration.ofSeconds(2))
        .untilAsserted(() -> assertThat(events).containsExactly("start", "complete"));
  }

  /** U4, R1: a task that still runs when its (synchronous) request has been answered. */
  @Test
  void aTaskThatOutlivesItsRequest_leavesNothingOnTheThread() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    app.start(
        (request, response) -> {
          worker.execute(
              app.dataSource
                  .current()
                  .handOver(
                      inserting(
                          "a",
                          () -> {
                            working.countDown();
                            awaited(goOn);
                          })));
          awaited(working);
        });
    try {
      assertThat(app.get("/").status()).isEqualTo(500);
      assertThat(app.left).isNull();
    } finally {
      goOn.countDown();
    }
  }

  /** H4: also while the failed one is still being torn down. */
  @Test
  void aTaskThatOutlivesItsRequest_andAnErrorPageThatUsesTheDatabase() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    app.web.errorPage(500, "/error");
    app.start(
        (request, response) -> {
          if (request.getDispatcherType() == DispatcherType.ERROR) {
            app.insert("page");
            response.getWriter().print("error page");
            return;
          }
          worker.execute(
              app.dataSource
                  .current()
                  .handOver(
                      inserting(
                          "a",
                          () -> {
                            working.countDown();
                            awaited(goOn);
                          })));
          awaited(working);
        },
        ALL);
    try {
      Answer answer = app.get("/");
      assertThat(answer.text()).isEqualTo("error page");
      assertThat(app.stub.committed()).containsExactly("page");
    } finally {
      goOn.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sendErrorInAsync(boolean page) throws Exception {
    if (page) {
      app.web.errorPage(404, "/error");
    }
    app.start(
        (request, response) -> {
          if (request.getDispatcherType() == DispatcherType.ERROR) {
            app.insert("page");
            response.getWriter().print("error page");
            return;
          }
          app.insert("a");
          AsyncContext async = request.startAsync();
          worker.execute(
              () -> {
                try {
                  response.sendError(404, "gone");
                } catch (java.io.IOException e) {
                  events.add(e.toString());
                }
                async.complete();
              });
        },
        ALL);
    Answer answer = app.get("/");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).contains(page ? "error page" : "gone");
    assertThat(app.stub.committed()).isEqualTo(page ? List.of("page") : List.of());
    app.assertNothingLeft();
  }

  @Test
  void startAsyncInAnErrorDispatch() throws Exception {
    app.web.errorPage(500, "/error");
    app.start(
        (request, response) -> {
          if (request.getRequestURI().equals("/error")) {
            app.insert("page");
            AsyncContext async = request.startAsync();
            async.start(
                inserting(
                    "page2",
                    () -> {
                      try {
                        response.getWriter().print("error page");
                      } catch (java.io.IOException e) {
                        events.add(e.toString());
                      }
                      async.complete();
                    }));
            return;
          }
          app.insert("a");
          throw new IllegalStateException("x");
        },
        ALL);
    Answer answer = app.get("/");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).isEqualTo("error page");
    assertThat(app.stub.committed()).containsExactly("page", "page2");
    app.assertNothingLeft();
  }

  /** "set before the answer is sent, and absent if nothing was sent to a database". */
  @ParameterizedTest
  @CsvSource({"nothing, ROLLED_BACK", "a part, PARTLY", "a part perhaps, UNKNOWN"})
  void theOutcomeOfATimeout_whileSqlRuns(String stored, Outcome expected) throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicReference<Object> outcome = new AtomicReference<>();
    app.web.errorPage(500, "/error");
    app.start(
        (request, response) -> {
          if (request.getRequestURI().equals("/error")) {
            outcome.set(String.valueOf(request.getAttribute(UnitOfWorkFilter.OUTCOME)));
            return;
          }
          app.insert("a");
          AsyncContext async = request.startAsync();
          worker.execute(
              app.dataSource
                  .current()
                  .handOver(
                      () -> {
                        try {
                          if (!stored.equals("nothing")) {
                            app.dataSource.current().commit();
                          }
                          app.execute("SLOW");
                        } catch (SQLException e) {
                          events.add(e.toString());
                          awaited(goOn);
                        }
                      }));
          async.setTimeout(LATE_TIMEOUT);
        },
        ALL);
    app.stub.arm(call -> call.contains("SLOW"), Fault.blockBefore(goOn));
    if (stored.equals("a part perhaps")) {
      app.stub.arm(
          "Connection.commit()"::equals,
          Fault.throwBefore(() -> new SQLException("the connection was lost", "08006")));
    }
    try {
      assertThat(app.get("/").status()).isEqualTo(500);
      assertThat(outcome.get()).isEqualTo(expected.toString());
    } finally {
      goOn.countDown();
    }
  }

  /** A connection that is open when the task is started, as with try-with-resources. */
  @Test
  void aConnectionThatIsClosedAfterTheStart_isNoFailure() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch returned = new CountDownLatch(1);
    app.start(
        (request, response) -> {
          try (var connection = app.dataSource.getConnection();
              var statement = connection.createStatement()) {
            statement.execute("INSERT a");
            AsyncContext async = request.startAsync();
            async.start(
                inserting(
                    "b",
                    () -> {
                      working.countDown();
                      awaited(returned);
                      async.complete();
                    }));
            awaited(working);
          } finally {
            returned.countDown();
          }
        });
    assertThat(app.get("/").status()).as("%s %s", app.thrown, events).isEqualTo(200);
    assertThat(app.stub.committed()).containsExactly("a", "b");
  }

  /** U4: the containers catch all Throwables of a listener. */
  @Test
  void aListenerThatThrowsAnError_keepsNoConnection_andNoHeaderOfTheSuccess() throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          response.setHeader("Location", "/notes/1");
          AsyncContext async = request.startAsync();
          async.setTimeout(TIMEOUT);
          async.addListener(
              new Listening() {
                @Override
                public void onTimeout(AsyncEvent event) {
                  throw new NoClassDefFoundError("timeout");
                }

                @Override
                public void onComplete(AsyncEvent event) {
                  throw new NoClassDefFoundError("complete");
                }
              });
        });
    Answer answer = app.get("/");
    assertThat(answer.status()).isEqualTo(500);
    org.assertj.core.api.SoftAssertions.assertSoftly(
        softly -> {
          softly.assertThat(answer.header("Location")).isNull();
          softly.assertThatCode(app::assertNothingLeft).doesNotThrowAnyException();
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anErrorOfAListener_keepsNoOtherFromItsTurn(boolean filter) throws Exception {
    Web.Service service =
        (request, response) -> {
          AsyncContext async = request.startAsync();
          async.addListener(
              new Listening() {
                @Override
                public void onComplete(AsyncEvent event) {
                  throw new NoClassDefFoundError("complete");
                }
              });
          async.addListener(new Listening());
          worker.execute(async::complete);
        };
    if (filter) {
      app.start(service);
      app.get("/");
    } else {
      try (Web plain = new Web()) {
        plain.servlet("/*", service).start();
        plain.get("/");
      }
    }
    await()
        .atMost(java.time.Duration.ofSeconds(2))
        .untilAsserted(() -> assertThat(events).containsExactly("complete"));
  }

  /** The listener's answer to the timeout, while a task still has the unit. */
  @Test
  void aTimeoutAnsweredByAListener_whileATaskWrites() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    app.start(
        (request, response) -> {
          app.insert("a");
          AsyncContext async = request.startAsync();
          async.setTimeout(TIMEOUT);
          async.addListener(
              new Listening() {
                @Override
                public void onTimeout(AsyncEvent event) throws java.io.IOException {
                  response.sendError(503, "too slow");
                  event.getAsyncContext().complete();
                }
              });
          worker.execute(app.dataSource.current().handOver(inserting("b", () -> awaited(goOn))));
        });
    Answer answer = app.get("/");
    goOn.countDown();
    assertThat(answer.status()).isEqualTo(503);
    app.assertNothingLeft();
    assertThat(app.stub.committed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/view", "/api;x=1/../view", "/api/notes;x=1"})
  void aDispatchWhereTheFilterIsNotCalledForAsync_isRefused(String path) throws Exception {
    FilterHolder holder =
        new FilterHolder(
            UnitOfWorkFilter.builder(app.dataSource, TenantResolver.header("Tenant")).build());
    holder.setAsyncSupported(true);
    app.web.context().addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
    app.web.context().addFilter(holder, "/api/*", EnumSet.of(DispatcherType.ASYNC));
    app.web
        .servlet(
            "/*",
            (request, response) -> {
              if (request.getDispatcherType() == DispatcherType.REQUEST) {
                app.insert("a");
                request.startAsync().dispatch(path);
              }
            })
        .start();
    boolean reached = path.startsWith("/api/");
    assertThat(app.get("/").status()).isEqualTo(reached ? 200 : 500);
    assertThat(app.stub.committed()).hasSize(reached ? 1 : 0);
  }
}
