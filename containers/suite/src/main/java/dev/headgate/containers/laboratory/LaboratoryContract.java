package dev.headgate.containers.laboratory;

import static dev.headgate.containers.laboratory.Writing.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.Postgres;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The laboratory itself: what it shows happens in the container. */
public abstract class LaboratoryContract {

  private static final String HOST = Laboratory.host("acme");
  private static final String[] LINES = {"GET /work HTTP/1.1", "Host: " + HOST};
  private static final Duration SHORT = Duration.ofMillis(200);

  @TempDir private Path folder;

  protected abstract EmbeddedContainer container();

  private Laboratory.Builder with(Service service) throws SQLException {
    return Laboratory.in(container(), folder)
        .tenant("acme", Postgres.newDatabase())
        .servlet("/work", service);
  }

  @Test
  void aServletsWorkIsInItsTenantsDatabase() throws Exception {
    var started = new Laboratory[1];
    Service insert =
        (request, response) -> {
          try (Connection connection = started[0].dataSource().getConnection();
              Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO work VALUES (1)");
          } catch (SQLException e) {
            throw new ServletException(e);
          }
        };
    try (Laboratory laboratory = with(insert).start();
        RawClient client = laboratory.connect()) {
      started[0] = laboratory;
      laboratory.execute("acme", "CREATE TABLE work (id int)");

      assertThat(client.send(LINES).receive("GET").status()).isEqualTo(200);
      assertThat(laboratory.number("acme", "SELECT count(*) FROM work")).isOne();
    }
  }

  @Test
  void aWaitingServletIsSilent() throws Exception {
    var go = new CountDownLatch(1);
    Service waiting =
        (request, response) -> {
          await(go);
          write(response, "done");
        };
    try (Laboratory laboratory = with(waiting).start();
        RawClient client = laboratory.connect()) {
      client.send(LINES);
      Http2Exchange exchange = laboratory.http2().send("GET", HOST, "/work");

      assertThat(client.isSilent(SHORT)).isTrue();
      assertThat(exchange.isSilent()).isTrue();
      go.countDown();
      assertThat(client.isSilent(Duration.ofSeconds(30))).isFalse();
      assertThat(client.receive("GET").text()).isEqualTo("done");
      assertThat(exchange.await().body()).asString().isEqualTo("done");
    }
  }

  /**
   * Over HTTP/2 it has a length: without one, Tomcat ends the stream as if all were well, and
   * resets it only then.
   */
  @Test
  void anAnswerThatBreaksOffIsNotWhole() throws Exception {
    Service broken =
        (request, response) -> {
          if (request.getProtocol().equals("HTTP/2.0")) {
            response.setContentLength(100);
          }
          write(response, "not all");
          response.flushBuffer();
          throw new IOException("after a flush");
        };
    try (Laboratory laboratory = with(broken).withoutUnitOfWork().start();
        RawClient client = laboratory.connect()) {
      RawAnswer answer = client.send(LINES).receive("GET");

      assertThat(answer.end()).isIn(RawAnswer.End.CUT, RawAnswer.End.RESET);
      assertThat(laboratory.http2().send("GET", HOST, "/work").await().failure()).isNotNull();
    }
  }

  @Test
  void anAbortReachesTheServlet() throws Exception {
    var begun = new CountDownLatch(2);
    var broken = new CountDownLatch(2);
    Service endless =
        (request, response) -> {
          begun.countDown();
          try {
            while (true) {
              write(response, "more ".repeat(10_000));
              response.flushBuffer();
            }
          } catch (IOException e) {
            broken.countDown();
          }
        };
    try (Laboratory laboratory = with(endless).withoutUnitOfWork().start();
        RawClient client = laboratory.connect()) {
      client.send(LINES);
      Http2Exchange exchange = laboratory.http2().send("GET", HOST, "/work");
      await(begun);
      client.abort();
      exchange.abort();

      await(broken);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
