package dev.headgate.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A load notices every answer that is not the right one. */
class LoadTest {

  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private final AtomicInteger requests = new AtomicInteger();
  private IntFunction<String> body = number -> "hello";
  private JettyServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        JettyServer.start(
            "test", context -> context.addServlet("test", new Answers()).addMapping("/"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void rightAnswers_areCountedOnce() throws Exception {
    Load.Seen seen = run();
    // One was sent to learn the answer.
    assertThat(seen.requests()).isPositive().isEqualTo(requests.get() - 1);
    assertThat(seen.perSecond()).isPositive();
    assertThat(seen.p99Micros()).isPositive();
  }

  @Test
  void bodiesLargerThanABuffer_areRead() throws Exception {
    body = number -> "hello".repeat(20_000);
    assertThat(run().requests()).isPositive();
  }

  @Test
  void otherBody_isAFailure() {
    body = number -> number < 2 ? "hello" : "hullo";
    assertThatThrownBy(this::run).hasMessageContaining("hullo");
  }

  @Test
  void shorterAnswer_isAFailure() {
    body = number -> number < 2 ? "hello" : "";
    assertThatThrownBy(this::run).hasMessageContaining("Content-Length: 0");
  }

  @Test
  void otherStatus_isAFailure() {
    assertThatThrownBy(() -> Exchange.learn(server.port(), REQUEST, 204))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("200");
  }

  @Test
  void threadsOfTheServer_allocateForRequests() throws Exception {
    long before = server.allocatedBytes();
    body = number -> "hello".repeat(20_000);
    Exchange.learn(server.port(), REQUEST, 200);
    assertThat(server.allocatedBytes() - before).isBetween(100_000L, 10_000_000L);
  }

  private Load.Seen run() throws Exception {
    Exchange exchange = Exchange.learn(server.port(), REQUEST, 200);
    return new Load(server.port(), List.of(exchange)).run(Duration.ofMillis(20));
  }

  private final class Answers extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      byte[] bytes = body.apply(requests.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
      response.setContentLength(bytes.length);
      response.getOutputStream().write(bytes);
    }
  }
}
