package dev.headgate.containers.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.containers.laboratory.Http2Client;
import dev.headgate.containers.laboratory.Http2Exchange;
import dev.headgate.containers.laboratory.Laboratory;
import dev.headgate.containers.laboratory.RawClient;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.faults.FaultProxy;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** An application of one tenant, in which each request is a {@link Trial}. */
public final class Stage implements AutoCloseable {

  public static final String TENANT = "acme";
  static final String PATH = "/work";

  /** The request header with the encoding that a filter in front sets for the answer. */
  public static final String ENCODING = Watch.ENCODING;

  /** Another path of the same servlet. */
  public static final String OTHER_PATH = "/other";

  private static final String TRIAL = Trial.class.getName();
  private static final long LONGEST_WAIT_SECONDS = 20;

  private final Store store = new Store();
  private final Laboratory laboratory;
  private final Map<Integer, Trial> trials = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final List<Throwable> complaints = new CopyOnWriteArrayList<>();

  private @Nullable Http2Client http2;

  private Stage(
      EmbeddedContainer container, Path folder, UnaryOperator<Laboratory.Builder> settings)
      throws Exception {
    try {
      laboratory =
          settings
              .apply(
                  Laboratory.in(inFront(container), folder)
                      .tenant(TENANT, store.url())
                      .servlet(PATH, this::serve)
                      .servlet(OTHER_PATH, this::serve))
              .start();
    } catch (Throwable e) {
      store.close();
      throw e;
    }
  }

  /** Starts the application, with what the settings add to it. */
  public static Stage open(
      EmbeddedContainer container, Path folder, UnaryOperator<Laboratory.Builder> settings)
      throws Exception {
    return new Stage(container, folder, settings);
  }

  private EmbeddedContainer inFront(EmbeddedContainer container) {
    return new Fronted(
        container,
        context -> {
          var watch = context.addFilter("watch", new Watch(this));
          watch.setAsyncSupported(true);
          watch.addMappingForUrlPatterns(
              EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR),
              true,
              "/*");
        });
  }

  /** Prepares a request. */
  public Trial trial(Play play) {
    var trial = new Trial(this, numbers.incrementAndGet(), play);
    trials.put(numbers.get(), trial);
    return trial;
  }

  /** Returns the trial that a request is of, or null. */
  @Nullable Trial trial(ServletRequest request) {
    if (request.getAttribute(TRIAL) instanceof Trial known) {
      return known;
    }
    String query = ((HttpServletRequest) request).getQueryString();
    if (query == null || !query.startsWith("trial=")) {
      return null;
    }
    Trial trial = trials.get(Integer.valueOf(query.substring("trial=".length())));
    request.setAttribute(TRIAL, trial);
    return trial;
  }

  private void serve(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    Trial trial = Objects.requireNonNull(trial(request), "trial");
    try {
      trial.play().on(trial, request, response);
    } catch (IOException | ServletException | RuntimeException e) {
      throw e;
    } catch (AssertionError e) {
      complaints.add(e);
      throw e;
    } catch (Exception e) {
      throw new ServletException(e);
    }
  }

  /** Sends a trial's request over HTTP/1. */
  public RawClient send(Trial trial, String method, String protocol, String... headers)
      throws IOException {
    return laboratory.connect().sendBytes(trial.head(method, protocol, headers));
  }

  /** Sends a trial's request over HTTP/1.1, and leaves the connection open. */
  public RawClient send(Trial trial) throws IOException {
    return send(trial, "GET", "HTTP/1.1");
  }

  /** Sends a trial's request over HTTP/2. */
  public synchronized Http2Exchange sendByHttp2(Trial trial, String method) throws Exception {
    if (http2 == null) {
      http2 = new Http2Client(laboratory.port());
    }
    return http2.send(method, Laboratory.host(TENANT), trial.target());
  }

  /** Closes the connection for HTTP/2, for the case that the server has. */
  public synchronized void closeHttp2() {
    if (http2 != null) {
      http2.close();
      http2 = null;
    }
  }

  public RoutingDataSource dataSource() {
    return laboratory.dataSource();
  }

  public FaultProxy proxy() {
    return store.proxy();
  }

  Store store() {
    return store;
  }

  /** Notes it if this thread has something of a unit of work. */
  public void requireNothingHere(String when) {
    String tenant = MDC.get("tenant");
    if (tenant != null) {
      complaints.add(new AssertionError("%s: MDC has %s".formatted(when, tenant)));
    }
    try {
      complaints.add(
          new AssertionError("%s: in scope: %s".formatted(when, dataSource().current())));
    } catch (IllegalStateException e) {
      // There is none.
    }
  }

  /** Notes what a test has found wrong on another thread. */
  public void complain(Throwable complaint) {
    complaints.add(complaint);
  }

  /** Waits until nothing is left of all requests: no lease, no connection, no transaction. */
  public void assertNothingLeft() {
    eventually(
        () -> {
          assertThat(dataSource().snapshot().pools())
              .allMatch(pool -> pool.leases() == 0 && pool.active() == 0);
          assertThat(store.openTransactions()).as("open transactions").isZero();
        });
    List<Throwable> found = List.copyOf(complaints);
    complaints.clear();
    assertThat(found).isEmpty();
  }

  /** Waits until an assertion holds. */
  public static void eventually(ThrowingRunnable assertion) {
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(LONGEST_WAIT_SECONDS))
        .untilAsserted(assertion);
  }

  /** Waits for a latch, on whatever thread. */
  public static void await(CountDownLatch latch) {
    assertThat(isReached(latch)).as("in time").isTrue();
  }

  /** Waits for a latch for as long as it may take, and returns whether it was reached. */
  public static boolean isReached(CountDownLatch latch) {
    try {
      return latch.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws SQLException {
    closeHttp2();
    try (store) {
      laboratory.close();
    }
  }
}
