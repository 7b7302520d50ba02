package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.NoUnitOfWorkException;
import dev.headgate.datasource.Outcome;
import dev.headgate.datasource.UnitInUseException;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.faults.ArmedFault;
import dev.headgate.faults.Fault;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

/** Requests that are answered by another thread than the container's. */
class AsyncTest {

  private static final Duration SILENCE = Duration.ofMillis(20);

  /** Jetty misses timeouts that end before it has noted them (AsyncContextEvent.run). */
  private static final long TIMEOUT = 100;

  /** Long enough for COMMIT to begin before it, on a busy machine too. */
  private static final long LATE_TIMEOUT = 1000;

  private final StubApp app = new StubApp();
  private final ExecutorService worker = Executors.newCachedThreadPool();
  private final List<String> events = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    worker.shutdownNow();
    app.close();
  }

  /** What an asynchronous task does. */
  @FunctionalInterface
  private interface Task {
    void run() throws SQLException, IOException;
  }

  private static Runnable unchecked(Task task) {
    return () -> {
      try {
        task.run();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private void work(AsyncContext async, String token, String text)
      throws SQLException, IOException {
    app.insert(token);
    async.getResponse().getWriter().print(text);
  }

  private AsyncListener listener(String name, Task onTimeout) {
    return new AsyncListener() {
      @Override
      public void onComplete(AsyncEvent event) {
        events.add(name + " complete");
      }

      @Override
      public void onTimeout(AsyncEvent event) throws IOException {
        events.add(name + " timeout");
        unchecked(onTimeout).run();
      }

      @Override
      public void onError(AsyncEvent event) {
        events.add(name + " error " + event.getThrowable());
      }

      @Override
      public void onStartAsync(AsyncEvent event) {
        events.add(name + " start");
      }
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "executor", "plain thread that completes"})
  void workOnAnotherThread_isCommittedBeforeTheAnswer(String how) throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    app.start(
        (request, response) -> {
          app.insert("a");
          AsyncContext async = request.startAsync();
          async.addListener(listener("l", () -> {}));
          Runnable task =
              unchecked(
                  () -> {
                    assertThat(MDC.get("tenant")).isIn("acme", how.equals("start") ? "acme" : null);
                    work(async, "b", "done");
                    async.complete();
                  });
          switch (how) {
            case "start" -> async.start(task);
            case "executor" -> worker.execute(app.dataSource.current().handOver(task));
            default -> {
              app.insert("b");
              worker.execute(
                  unchecked(
                      () -> {
                        async.getResponse().getWriter().print("done");
                        async.complete();
                      }));
            }
          }
        });
    ArmedFault commit = app.stub.arm("Connection.commit()"::equals, Fault.blockBefore(goOn));
    try (Wire wire = Wire.send(app.web.port(), "GET", "/", "Tenant: acme")) {
      commit.awaitFired();
      assertThat(wire.isSilentFor(SILENCE)).isTrue();
      goOn.countDown();
      assertThat(wire.answer().text()).isEqualTo("done");
    } finally {
      goOn.countDown();
    }
    assertThat(app.stub.committed()).containsExactly("a", "b");
    await().untilAsserted(() -> assertThat(events).containsExactly("l complete"));
    app.assertNothingLeft();
  }

  @Test
  void completeInTheServlet_endsWhenTheServletReturns() throws Exception {
    app.start(
        (request, response) -> {
          AsyncContext async = request.startAsync();
          async.complete();
          work(async, "a", "late");
        });
    assertThat(app.get("/").text()).isEqualTo("late");
    assertThat(app.stub.committed()).containsExactly("a");
    app.assertNothingLeft();
  }

  @Test
  void completeOnAnotherThread_waitsForTheServlet_andForWhoHasTheUnit() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch completed = new CountDownLatch(1);
    app.start(
        (request, response) -> {
          AsyncContext async = request.startAsync();
          worker.execute(
              app.dataSource
                  .current()
                  .handOver(
                      unchecked(
                          () -> {
                            work(async, "a", "1");
                            working.countDown();
                            awaited(completed);
                            work(async, "b", "2");
                          })));
          worker.execute(
              () -> {
                awaited(working);
                async.complete();
                completed.countDown();
              });
        });
    assertThat(app.get("/").text()).isEqualTo("12");
    assertThat(app.stub.committed()).containsExactly("a", "b");
    app.assertNothingLeft();
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"the same path", "another path", "wrapped", "other thread"})
  void aDispatch_goesOnInTheSameUnit(String how) throws Exception {
    app.start(
        (request, response) -> {
          if (request.getDispatcherType() == DispatcherType.ASYNC) {
            work(app.dataSource.current(), response, "b");
            return;
          }
          work(app.dataSource.current(), response, "a");
          AsyncContext async =
              how.equals("wrapped")
                  ? request.startAsync(
                      new HttpServletRequestWrapper(request),
                      new HttpServletResponseWrapper(response))
                  : request.startAsync();
          assertThat(async.hasOriginalRequestAndResponse()).isEqualTo(!how.equals("wrapped"));
          assertThat(request.getAsyncContext()).isSameAs(async);
          switch (how) {
            case "another path" -> async.dispatch("/other?x=y");
            case "other thread" ->
                worker.execute(
                    app.dataSource
                        .current()
                        .handOver(
                            unchecked(
                                () -> {
                                  app.insert("between");
                                  async.dispatch();
                                })));
            default -> async.dispatch();
          }
        });
    assertThat(app.get("/").text()).isEqualTo("ab");
    assertThat(app.stub.committed()).startsWith("a").endsWith("b");
    assertThat(app.unit.outcomes()).hasSize(1);
    app.assertNothingLeft();
  }

  /** A filter in front may have wrapped it anew. */
  @Test
  void aDispatch_answersByTheResponseThatItIsGiven() throws Exception {
    app.web.filter(
        (request, response, chain) ->
            chain.doFilter(
                request, new Signing((HttpServletResponse) response, request.getDispatcherType())));
    app.start(
        (request, response) -> {
          work(app.dataSource.current(), response, request.getDispatcherType().name());
          if (request.getDispatcherType() != DispatcherType.ASYNC) {
            request.startAsync().dispatch();
          }
        });
    Answer answer = app.get("/");
    assertThat(answer.text()).isEqualTo("REQUESTASYNC");
    assertThat(answer.header("Signed")).isEqualTo("ASYNC");
    app.assertNothingLeft();
  }

  /** Says in a header by which dispatch's response the body went out. */
  private static final class Signing extends HttpServletResponseWrapper {

    private final DispatcherType type;

    Signing(HttpServletResponse response, DispatcherType type) {
      super(response);
      this.type = type;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      setHeader("Signed", type.name());
      return super.getOutputStream();
    }

    @Override
    public PrintWriter getWriter() throws IOException {
      setHeader("Signed", type.name());
      return super.getWriter();
    }
  }

  private void work(UnitOfWork unit, HttpServletResponse response, String token)
      throws SQLException, IOException {
    assertThat(unit.tenant()).hasToString("acme");
    app.insert(token);
    response.getWriter().print(token);
  }

  @Test
  void repeatedStarts_areOneUnit_andTellTheListeners() throws Exception {
    app.start(
        (request, response) -> {
          Integer round = (Integer) request.getAttribute("round");
          int now = round == null ? 1 : round + 1;
          request.setAttribute("round", now);
          work(app.dataSource.current(), response, "" + now);
          if (now < 4) {
            AsyncContext async = request.startAsync();
            async.addListener(listener("l" + now, () -> {}));
            assertThatThrownBy(request::startAsync).isInstanceOf(IllegalStateException.class);
            async.dispatch();
            assertThatThrownBy(async::dispatch).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(async::complete).isInstanceOf(IllegalStateException.class);
          }
        });
    assertThat(app.get("/").text()).isEqualTo("1234");
    assertThat(app.stub.committed()).containsExactly("1", "2", "3", "4");
    await().untilAsserted(() -> assertThat(events).contains("l3 complete"));
    assertThat(events).containsExactly("l1 start", "l2 start", "l3 complete");
    app.assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"complete", "dispatch"})
  void aCommitThatFails_isAnswered500(String how) throws Exception {
    app.web.errorPage(500, "/error");
    app.start(
        (request, response) -> {
          if (request.getRequestURI().equals("/error")) {
            response.getWriter().print("error page");
            return;
          }
          app.insert("a");
          response.setHeader("Location", "/notes/1");
          response.getWriter().print("success");
          if (request.getDispatcherType() != DispatcherType.ASYNC) {
            AsyncContext async = request.startAsync();
            worker.execute(how.equals("complete") ? async::complete : async::dispatch);
          }
        },
        DispatcherType.REQUEST,
        DispatcherType.ASYNC,
        DispatcherType.ERROR);
    app.stub.arm(
        "Connection.commit()"::equals,
        Fault.throwBefore(() -> new SQLException("deferred constraint", "23505")));
    Answer answer = app.get("/");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).isEqualTo("error page");
    assertThat(answer.header("Location")).isNull();
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void aDatabaseThatIsNotThere_isAnswered503() throws Exception {
    app.start(
        (request, response) -> {
          if (request.getDispatcherType() == DispatcherType.ASYNC) {
            app.insert("a");
          } else {
            request.startAsync().dispatch();
          }
        });
    app.stub
        .arm(
            call -> call.startsWith("Driver.connect"),
            Fault.throwBefore(() -> new SQLException("no", "08001")))
        .always();
    Answer answer = app.get("/");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("5");
    app.assertNothingLeft();
  }

  @Test
  void aTimeout_rollsBack_andTheContainerAnswers() throws Exception {
    AtomicReference<AsyncContext> context = new AtomicReference<>();
    app.start(
        (request, response) -> {
          app.insert("a");
          response.setHeader("Location", "/notes/1");
          AsyncContext async = request.startAsync();
          async.addListener(listener("l", () -> {}));
          async.setTimeout(TIMEOUT);
          context.set(async);
        });
    Answer answer = app.get("/");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("Location")).isNull();
    assertThat(app.stub.committed()).isEmpty();
    await().untilAsserted(() -> assertThat(events).containsExactly("l timeout", "l complete"));
    assertThat(app.unit.outcome()).contains(Outcome.ROLLED_BACK);
    assertThatThrownBy(context.get()::complete).isInstanceOf(IllegalStateException.class);
    app.assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 503})
  void aTimeout_canBeAnsweredByAListener_butNotWithASuccess(int status) throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          AsyncContext async = request.startAsync();
          async.addListener(
              listener(
                  "l",
                  () -> {
                    response.setStatus(status);
                    response.getWriter().print("too slow");
                    async.complete();
                  }));
          async.setTimeout(TIMEOUT);
        });
    Answer answer = app.get("/");
    assertThat(answer.status()).isEqualTo(status == 200 ? 500 : 503);
    assertThat(answer.text().equals("too slow")).isEqualTo(status == 503);
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void aTimeoutWhileSqlRuns_cancelsIt_andTheConnectionComesBackWhenItsThreadIsDone()
      throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicReference<Throwable> second = new AtomicReference<>();
    app.start(
        (request, response) -> {
          app.insert("a");
          AsyncContext async = request.startAsync();
          worker.execute(
              app.dataSource
                  .current()
                  .handOver(
                      () -> {
                        try {
                          app.execute("SLOW");
                          app.insert("b");
                        } catch (SQLException e) {
                          second.set(e);
                        }
                        assertThatThrownBy(async::complete)
                            .isInstanceOf(IllegalStateException.class);
                      }));
          async.setTimeout(TIMEOUT);
        });
    app.stub.arm(call -> call.contains("SLOW"), Fault.blockBefore(goOn));
    try {
      assertThat(app.get("/").status()).isEqualTo(500);
      assertThat(app.stub.calls()).contains("Statement.cancel()");
      assertThat(app.dataSource.snapshot().pools().get(0).active()).isOne();
    } finally {
      goOn.countDown();
    }
    await().untilAsserted(() -> assertThat(second.get()).hasMessageContaining("was cancelled"));
    app.assertNothingLeft();
    assertThat(app.stub.committed()).isEmpty();
  }

  @Test
  void aRequestThatNeverEnds_isBounded() throws Exception {
    app.filter(filter -> filter.asyncLimit(Duration.ofMillis(80)))
        .start(
            (request, response) -> {
              app.insert("a");
              AsyncContext async = request.startAsync();
              async.setTimeout(0);
              assertThat(async.getTimeout()).isBetween(1L, 80L);
              async.addListener(listener("l", async::dispatch));
            });
    assertThat(app.get("/").status()).isEqualTo(500);
    await().untilAsserted(() -> assertThat(events).contains("l timeout"));
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  /** As Tomcat does with some that fail: neither a timeout nor anything else is told. */
  @Test
  void aRequestThatTheContainerForgets_isEnded() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    app.web.filter(
        (request, response, chain) ->
            chain.doFilter(new WithoutTimeouts((HttpServletRequest) request), response));
    app.filter(filter -> filter.asyncLimit(Duration.ofMillis(80)))
        .start(
            (request, response) -> {
              app.insert("a");
              app.dataSource.current().onRolledBack(ended::countDown);
              response.getWriter().print("success");
              request.startAsync();
            });
    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void aFilterThatIsDestroyed_leavesNoThread() throws Exception {
    app.start((request, response) -> request.startAsync().complete());
    assertThat(app.get("/").status()).isEqualTo(200);
    assertThat(threadsOfLimits()).isNotEmpty();
    app.web.context().stop();
    // By itself it would end later, when it has had nothing to do.
    await().atMost(Duration.ofSeconds(5)).until(() -> threadsOfLimits().isEmpty());
  }

  private static List<Thread> threadsOfLimits() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("headgate-async-limit"))
        .toList();
  }

  @Test
  void aFilterThatIsStartedAgain_takesAsynchronousRequests() throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          request.startAsync().complete();
        });
    app.web.context().stop();
    app.web.context().start();
    assertThat(app.get("/").status()).isEqualTo(200);
    assertThat(app.stub.committed()).containsExactly("a");
  }

  /** A container that does not end asynchronous requests. */
  private static final class WithoutTimeouts extends HttpServletRequestWrapper {

    WithoutTimeouts(HttpServletRequest request) {
      super(request);
    }

    @Override
    public AsyncContext startAsync() {
      AsyncContext async = super.startAsync();
      async.setTimeout(0);
      return (AsyncContext)
          Proxy.newProxyInstance(
              AsyncContext.class.getClassLoader(),
              new Class<?>[] {AsyncContext.class},
              (proxy, method, arguments) ->
                  method.getName().equals("setTimeout") ? null : method.invoke(async, arguments));
    }
  }

  @Test
  void anExceptionAfterTheStart_rollsBack() throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          request.startAsync().addListener(listener("l", () -> {}));
          throw new IllegalStateException("after the start");
        });
    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(app.thrown).hasMessage("after the start");
    await().untilAsserted(() -> assertThat(events).hasSize(2));
    assertThat(events.get(0)).startsWith("l error").contains("after the start");
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  /** Tomcat renders an error page before it tells listeners, and would run the servlet again. */
  @Test
  void completeOnAnotherThread_afterAnException_isRefused() throws Exception {
    AtomicReference<AsyncContext> started = new AtomicReference<>();
    AtomicReference<Throwable> refused = new AtomicReference<>();
    app.web.filter(
        (request, response, chain) -> {
          try {
            chain.doFilter(request, response);
          } catch (IllegalStateException e) {
            try {
              worker.submit(started.get()::complete).get();
            } catch (ExecutionException | InterruptedException later) {
              refused.set(later.getCause());
            }
            throw e;
          }
        });
    app.start(
        (request, response) -> {
          app.insert("a");
          started.set(request.startAsync());
          throw new IllegalStateException("after the start");
        });
    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(refused.get()).hasMessageContaining("has failed");
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void aThreadThatWasNotGivenTheUnit_hasNone_andOneThatTouchesItsConnectionIsRefused()
      throws Exception {
    AtomicReference<Throwable> none = new AtomicReference<>();
    AtomicReference<Throwable> refused = new AtomicReference<>();
    app.start(
        (request, response) -> {
          var connection = app.dataSource.getConnection();
          AsyncContext async = request.startAsync();
          worker.execute(
              () -> {
                try {
                  app.execute("INSERT a");
                } catch (SQLException e) {
                  none.set(e);
                }
                try {
                  connection.createStatement();
                } catch (SQLException e) {
                  refused.set(e);
                }
                async.complete();
              });
        });
    assertThat(app.get("/").status()).isEqualTo(200);
    assertThat(none.get()).isInstanceOf(NoUnitOfWorkException.class);
    assertThat(refused.get()).isInstanceOf(UnitInUseException.class);
    app.assertNothingLeft();
  }

  @Test
  void aWriteListener_writesIntoWhatIsHeld() throws Exception {
    String body = "0123456789".repeat(50_000);
    app.start(
        (request, response) -> {
          app.insert("a");
          AsyncContext async = request.startAsync();
          var out = response.getOutputStream();
          out.setWriteListener(
              new WriteListener() {
                @Override
                public void onWritePossible() throws IOException {
                  while (out.isReady()) {
                    out.write(body.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    async.complete();
                    return;
                  }
                }

                @Override
                public void onError(Throwable failure) {
                  events.add("error " + failure);
                }
              });
        });
    assertThat(app.get("/").text()).isEqualTo(body);
    assertThat(events).isEmpty();
    assertThat(app.stub.committed()).containsExactly("a");
    app.assertNothingLeft();
  }

  @Test
  void anAsyncStream_goesOutAtEachFlush() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    app.start(
        (request, response) -> {
          response.setContentType("text/event-stream");
          AsyncContext async = request.startAsync();
          async.start(
              unchecked(
                  () -> {
                    work(async, "a", "data: 1\n\n");
                    response.flushBuffer();
                    awaited(goOn);
                    work(async, "b", "data: 2\n\n");
                    response.flushBuffer();
                    async.complete();
                  }));
        });
    try (Wire wire = Wire.send(app.web.port(), "GET", "/", "Tenant: acme")) {
      wire.until("data: 1\n\n");
      assertThat(app.stub.committed()).containsExactly("a");
      goOn.countDown();
      wire.until("0\r\n\r\n");
    }
    assertThat(app.stub.committed()).containsExactly("a", "b");
    app.assertNothingLeft();
  }

  @Test
  void anAsyncStreamThatFailsLater_isCutOff() throws Exception {
    int[] seen = {0};
    app.start(
        (request, response) -> {
          response.setContentType("text/event-stream");
          AsyncContext async = request.startAsync();
          async.start(
              unchecked(
                  () -> {
                    work(async, "a", "data: 1\n\n");
                    response.flushBuffer();
                    work(async, "b", "data: 2\n\n");
                    async.complete();
                  }));
        });
    app.stub.arm(
        call -> call.equals("Connection.commit()") && seen[0]++ == 1,
        Fault.throwBefore(() -> new SQLException("deferred constraint", "23505")));
    try (Wire wire = Wire.send(app.web.port(), "GET", "/", "Tenant: acme")) {
      assertThat(new String(wire.bytes(), java.nio.charset.StandardCharsets.US_ASCII))
          .contains("data: 1")
          .doesNotContain("data: 2")
          .doesNotEndWith("0\r\n\r\n");
    }
    assertThat(app.stub.committed()).containsExactly("a");
    app.assertNothingLeft();
  }

  @Test
  void aTimeoutDuringTheCommit_waitsForTheAnswer() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    app.start(
        (request, response) -> {
          AsyncContext async = request.startAsync();
          async.addListener(listener("l", goOn::countDown));
          async.setTimeout(LATE_TIMEOUT);
          worker.execute(
              app.dataSource
                  .current()
                  .handOver(
                      unchecked(
                          () -> {
                            work(async, "a", "done");
                            async.complete();
                          })));
        });
    app.stub.arm("Connection.commit()"::equals, Fault.blockBefore(goOn));
    Answer answer = app.get("/");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("done");
    await().untilAsserted(() -> assertThat(events).containsExactly("l timeout", "l complete"));
    assertThat(app.stub.committed()).containsExactly("a");
    app.assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStreamThatTimesOut_isCutOff(boolean busy) throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicReference<Object> outcome = new AtomicReference<>();
    app.web.filter(
        (request, response, chain) -> {
          try {
            chain.doFilter(request, response);
          } finally {
            outcome.set(request.getAttribute(UnitOfWorkFilter.OUTCOME));
          }
        });
    app.start(
        (request, response) -> {
          response.setContentType("text/event-stream");
          AsyncContext async = request.startAsync();
          async.setTimeout(TIMEOUT);
          work(async, "a", "data: 1\n\n");
          response.flushBuffer();
          app.insert("b");
          if (busy) {
            worker.execute(app.dataSource.current().handOver(unchecked(() -> awaited(goOn))));
          }
        });
    try (Wire wire = Wire.send(app.web.port(), "GET", "/", "Tenant: acme")) {
      assertThat(new String(wire.bytes(), java.nio.charset.StandardCharsets.US_ASCII))
          .contains("data: 1")
          .doesNotEndWith("0\r\n\r\n");
    } finally {
      goOn.countDown();
    }
    assertThat(app.stub.committed()).containsExactly("a");
    app.assertNothingLeft();
    assertThat(outcome.get()).isEqualTo(Outcome.PARTLY);
  }

  @Test
  void aFilterThatIsNotMappedForAsyncDispatches_doesNotStart() {
    var holder =
        new org.eclipse.jetty.ee10.servlet.FilterHolder(
            UnitOfWorkFilter.builder(app.dataSource, TenantResolver.header("Tenant")).build());
    holder.setName("unit-of-work");
    holder.setAsyncSupported(true);
    app.web
        .context()
        .addFilter(
            holder, "/*", java.util.EnumSet.of(DispatcherType.REQUEST, DispatcherType.ERROR));
    assertThatThrownBy(app.web::start)
        .hasMessageContaining("filter unit-of-work")
        .hasMessageContaining("ASYNC");
  }

  @Test
  void aDispatchThatWouldPassTheFilterBy_isRefused() throws Exception {
    var holder =
        new org.eclipse.jetty.ee10.servlet.FilterHolder(
            UnitOfWorkFilter.builder(app.dataSource, TenantResolver.header("Tenant")).build());
    holder.setAsyncSupported(true);
    app.web
        .context()
        .addFilter(
            holder, "/api/*", java.util.EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    app.web
        .servlet(
            "/*",
            (request, response) -> {
              if (request.getDispatcherType() == DispatcherType.ASYNC) {
                response.getWriter().print("dispatched");
                return;
              }
              AsyncContext async = request.startAsync();
              assertThatThrownBy(() -> async.dispatch("/view"))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("/view")
                  .hasMessageContaining("/api/*");
              async.dispatch("/api/%61?x=/view");
            })
        .start();
    assertThat(app.get("/api/notes").text()).isEqualTo("dispatched");
    app.assertNothingLeft();
  }

  @Test
  void aFilterThatIsNotAsyncSupported_saysSoAtTheStart() throws Exception {
    app.start((request, response) -> request.startAsync(), DispatcherType.REQUEST);
    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(app.thrown).hasMessageContaining("async-supported");
    app.assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRequestThatIsMadeAsynchronousBehindTheFilter_fails(boolean completed) throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          var behind = (HttpServletRequest) ((ServletRequestWrapper) request).getRequest();
          if (completed) {
            behind.startAsync().complete();
          } else {
            behind.startAsync().setTimeout(0);
          }
        });

    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(app.thrown).hasMessageContaining("asynchronous behind the filter");
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  /** Does nothing: no request gets so far. */
  public static final class Upgraded implements HttpUpgradeHandler {
    @Override
    public void init(WebConnection connection) {}

    @Override
    public void destroy() {}
  }

  @Test
  void anUpgradeIsRefused() throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          request.upgrade(Upgraded.class);
        });
    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(app.thrown).hasMessageContaining("upgrade(handler)");
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void anExcludedRequestMayBeAsynchronous() throws Exception {
    app.filter(filter -> filter.exclude("/events"))
        .start(
            (request, response) -> {
              var async = request.startAsync();
              response.getWriter().print("event");
              async.complete();
            });
    assertThat(app.get("/events").text()).isEqualTo("event");
  }
}
