package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.Fault;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * H3, where a container uses request and response for the connection's next request, as Tomcat
 * does: a thread that comes late, or has not left them, would be in that one.
 */
class ReusedResponseTest {

  /** Long enough for what is to happen before it, on a busy machine too. */
  private static final long TIMEOUT = 1000;

  private final StubApp app = new StubApp();
  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final List<String> events = new CopyOnWriteArrayList<>();

  /** The container's, while it tells of the timeout. */
  private volatile @Nullable Thread telling;

  @AfterEach
  void close() {
    worker.shutdownNow();
    app.close();
  }

  @Test
  void aTimeoutWhileTheCommitRuns_isNoReasonToTellTheContainerTwice() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    app.web.filter(
        (request, response, chain) ->
            chain.doFilter(new Request((HttpServletRequest) request), response));
    app.start(
        (request, response) -> {
          app.dataSource.current().onCommitted(ended::countDown);
          start(request, goOn::countDown, AsyncContext::complete);
          response.getWriter().print("done");
        });
    app.stub.arm("Connection.commit()"::equals, Fault.blockBefore(goOn));

    assertThat(app.get("/").text()).isEqualTo("done");
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(events).containsOnlyOnce("told");
    app.assertNothingLeft();
  }

  @Test
  void aTimeoutWhileAThreadSends_waitsUntilThatHasLeftTheResponse() throws Exception {
    app.web.filter(
        (request, response, chain) ->
            chain.doFilter(
                new Request((HttpServletRequest) request),
                new Response((HttpServletResponse) response)));
    app.start(
        (request, response) -> {
          response.setContentType("text/event-stream");
          start(
              request,
              () -> {},
              async -> {
                response.getOutputStream().print("data: a\n\n");
                response.flushBuffer();
              });
        });
    try (Wire wire = Wire.send(app.web.port(), "GET", "/", "Tenant: acme")) {
      await().untilAsserted(() -> assertThat(events).contains("goes on"));
      assertThat(events).containsSubsequence("sends", "has sent", "goes on");
      assertThat(wire.bytes()).isNotNull();
    }
    await().untilAsserted(app::assertNothingLeft);
  }

  @FunctionalInterface
  private interface Task {
    void run(AsyncContext async) throws IOException;
  }

  /** Starts a request as an asynchronous one, whose work another thread does. */
  private void start(HttpServletRequest request, Runnable timeout, Task task) {
    AsyncContext async = request.startAsync();
    async.setTimeout(TIMEOUT);
    async.addListener(
        new AsyncListener() {
          @Override
          public void onTimeout(AsyncEvent event) {
            timeout.run();
          }

          @Override
          public void onStartAsync(AsyncEvent event) {}

          @Override
          public void onComplete(AsyncEvent event) {}

          @Override
          public void onError(AsyncEvent event) {}
        });
    worker.execute(
        app.dataSource
            .current()
            .handOver(
                () -> {
                  try {
                    app.insert("a");
                    task.run(async);
                  } catch (IOException | SQLException e) {
                    events.add(e.toString());
                  }
                }));
  }

  /**
   * Any thread may complete it while its listeners hear of the timeout; the container goes on when
   * they have.
   */
  private final class Request extends HttpServletRequestWrapper {

    private volatile boolean completed;

    Request(HttpServletRequest request) {
      super(request);
    }

    @Override
    public AsyncContext startAsync() {
      AsyncContext async = super.startAsync();
      return proxy(
          AsyncContext.class,
          async,
          (name, arguments) -> {
            switch (name) {
              case "complete" -> {
                events.add("told");
                completed = true;
                return telling != null;
              }
              case "addListener" -> {
                async.addListener(telling(async, (AsyncListener) arguments[0]));
                return true;
              }
              default -> {
                return false;
              }
            }
          });
    }

    private AsyncListener telling(AsyncContext async, AsyncListener listener) {
      return proxy(
          AsyncListener.class,
          listener,
          (name, arguments) -> {
            if (!name.equals("onTimeout")) {
              return false;
            }
            telling = Thread.currentThread();
            listener.onTimeout((AsyncEvent) arguments[0]);
            events.add("goes on");
            if (completed) {
              async.complete();
            }
            return true;
          });
    }
  }

  /** Sending takes until the container waits for it, or goes on. */
  private final class Response extends HttpServletResponseWrapper {

    Response(HttpServletResponse response) {
      super(response);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      ServletOutputStream out = super.getOutputStream();
      return new ServletOutputStream() {
        @Override
        public void write(int value) throws IOException {
          write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          events.add("sends");
          await().until(() -> isWaitedFor() || events.contains("goes on"));
          out.write(bytes, offset, length);
          events.add("has sent");
        }

        @Override
        public boolean isReady() {
          return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
          out.setWriteListener(listener);
        }
      };
    }

    private boolean isWaitedFor() {
      Thread container = telling;
      return container != null && container.getState() == Thread.State.BLOCKED;
    }
  }

  /** Does what a call is to do; returns whether that is all. */
  @FunctionalInterface
  private interface Instead {
    boolean call(String name, Object[] arguments) throws IOException;
  }

  private static <T> T proxy(Class<T> type, T delegate, Instead instead) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                instead.call(method.getName(), arguments)
                    ? null
                    : method.invoke(delegate, arguments)));
  }
}
