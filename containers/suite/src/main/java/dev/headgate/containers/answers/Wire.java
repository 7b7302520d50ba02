package dev.headgate.containers.answers;

import dev.headgate.containers.laboratory.Http2Exchange;
import dev.headgate.containers.laboratory.RawAnswer;
import dev.headgate.containers.laboratory.RawClient;
import dev.headgate.containers.stage.Stage;
import dev.headgate.containers.stage.Trial;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How a request goes to the server, and its answer comes back. */
enum Wire {
  HTTP_1_1("HTTP/1.1"),
  HTTP_1_1_CLOSE("HTTP/1.1", "Connection: close"),
  HTTP_1_0("HTTP/1.0"),
  HTTP_1_0_KEEP_ALIVE("HTTP/1.0", "Connection: keep-alive"),
  HTTP_2("HTTP/2");

  private final String protocol;
  private final String[] headers;

  Wire(String protocol, String... headers) {
    this.protocol = protocol;
    this.headers = headers;
  }

  /** A request that has been sent. */
  interface Sent extends AutoCloseable {

    /** Returns whether no byte of an answer comes for so long. */
    boolean isSilent(Duration time) throws Exception;

    /** Waits for the answer, whole or not. */
    Heard receive() throws Exception;

    /** Goes away without a word. */
    void abort() throws Exception;

    @Override
    void close() throws IOException;
  }

  /**
   * What a client makes of an answer.
   *
   * @param status 0 if there was none
   * @param clean whether it would take it for whole
   * @param text all that came, for messages and comparisons
   */
  @SuppressWarnings("ArrayRecordComponent") // only looked at, never compared
  record Heard(int status, byte[] body, boolean clean, String text) {

    boolean hasHeader(String line) {
      return text.lines().anyMatch(line::equalsIgnoreCase);
    }

    boolean isCleanSuccess() {
      return clean && status >= 200 && status < 400;
    }
  }

  Sent send(Stage stage, Trial trial) throws Exception {
    return send(stage, trial, "GET");
  }

  Sent send(Stage stage, Trial trial, String method) throws Exception {
    return this == HTTP_2
        ? new ByHttp2(stage.sendByHttp2(trial, method))
        : new ByHttp1(stage.send(trial, method, protocol, headers), method);
  }

  private record ByHttp1(RawClient client, String method) implements Sent {

    @Override
    public boolean isSilent(Duration time) throws Exception {
      return client.isSilent(time);
    }

    @Override
    public Heard receive() throws Exception {
      RawAnswer answer = client.receive(method);
      RawAnswer.End end = answer.end();
      return new Heard(
          answer.isEmpty() ? 0 : answer.status(),
          answer.body(),
          end == RawAnswer.End.WHOLE || end == RawAnswer.End.CLOSED,
          answer.toString());
    }

    @Override
    public void abort() throws Exception {
      client.abort();
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  private record ByHttp2(Http2Exchange exchange) implements Sent {

    @Override
    public boolean isSilent(Duration time) throws Exception {
      return !exchange.awaitBegin(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public Heard receive() throws Exception {
      var answer = exchange.await();
      return new Heard(
          answer.head().isEmpty() ? 0 : Integer.parseInt(answer.head().get(0)),
          answer.body(),
          answer.failure() == null,
          answer.toString());
    }

    @Override
    public void abort() throws Exception {
      exchange.abort();
    }

    @Override
    public void close() {}
  }
}
