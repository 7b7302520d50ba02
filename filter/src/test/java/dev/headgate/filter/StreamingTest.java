package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.Outcome;
import dev.headgate.datasource.OutcomeUnknownException;
import dev.headgate.datasource.RolledBackException;
import dev.headgate.faults.ArmedFault;
import dev.headgate.faults.Fault;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that go out in parts: each part after the work that was done before it. */
class StreamingTest {

  private static final Duration SILENCE = Duration.ofMillis(20);
  private static final int HELD = 4096;
  private static final int WHOLE = 3 * HELD;

  private final StubApp app = new StubApp();

  @AfterEach
  void close() {
    app.close();
  }

  private void start(Web.Service service) throws Exception {
    app.filter(filter -> filter.hold(HELD, WHOLE)).start(service);
  }

  private Wire send(String protocol, String... headers) {
    return Wire.raw(
        app.web.port(),
        "GET / %s\r\nHost: localhost\r\nTenant: acme\r\n%s\r\n"
            .formatted(
                protocol,
                String.join("", Arrays.stream(headers).map(header -> header + "\r\n").toList())));
  }

  private static String text(int size) {
    return "0123456789abcdef".repeat(size / 16 + 1).substring(0, size);
  }

  private static void write(HttpServletResponse response, String how, String text)
      throws IOException {
    switch (how) {
      case "at once" -> response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      case "by bytes" -> {
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
          response.getOutputStream().write(each);
        }
      }
      default -> response.getWriter().write(text);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "at once, -1, false",
    "at once, 0, false",
    "at once, 1, true",
    "at once, 40000, true",
    "by bytes, 0, false",
    "by bytes, 1, true",
    "by bytes, 40000, true",
    "by writer, 0, false",
    "by writer, 1, true",
    "by writer, 40000, true"
  })
  void fromTheLimitOn_theAnswerGoesOutBeforeTheEnd(String how, int more, boolean streams)
      throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    String body = text(HELD + more);
    start(
        (request, response) -> {
          app.insert("a");
          response.setContentType("text/plain;charset=UTF-8");
          write(response, how, body);
          if (how.equals("by writer")) {
            response.getWriter().checkError();
          }
          request.setAttribute(
              "committed before the end", app.stub.committed().contains("a") ? "yes" : "no");
          response.setHeader("Too-Late", String.valueOf(response.isCommitted()));
          seen.countDown();
        });

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(body);
    boolean flushed = how.equals("by writer");
    assertThat(answer.header("Too-Late")).isEqualTo(streams || flushed ? null : "false");
    assertThat(app.stub.committed()).containsExactly("a");
    app.assertNothingLeft();
  }

  /** Bytes are counted although characters are held; some charsets begin with a mark. */
  @ParameterizedTest
  @CsvSource({
    "UTF-8, x",
    "UTF-8, \u00e9",
    "UTF-8, \ud83d\ude00",
    "UTF-8, x\ud83d\ude00",
    "UTF-16, x",
    "UTF-16, \ud83d\ude00",
    "ISO-8859-1, \u3042"
  })
  void aTextOfItsLength_isWhole_howeverItIsEncoded(String charset, String repeated)
      throws Exception {
    String text = repeated.repeat(3 * HELD + 1);
    byte[] expected = text.getBytes(Charset.forName(charset));
    start(
        (request, response) -> {
          app.insert("a");
          response.setContentType("text/plain;charset=" + charset);
          response.setContentLength(expected.length);
          response.getWriter().write(text);
        });

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(expected);
    assertThat(app.stub.committed()).containsExactly("a");
  }

  @Test
  void noByteOfAPart_goesBeforeTheWorkThatWasDoneBeforeIt() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    start(
        (request, response) -> {
          app.insert("a");
          response.getOutputStream().write(new byte[HELD + 1]);
        });
    ArmedFault commit = app.stub.arm("Connection.commit()"::equals, Fault.blockBefore(goOn));
    try (Wire wire = send("HTTP/1.1", "Connection: close")) {
      commit.awaitFired();
      assertThat(wire.isSilentFor(SILENCE)).isTrue();
      goOn.countDown();
      assertThat(wire.answer().body()).hasSize(HELD + 1);
    } finally {
      goOn.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"content type", "attribute", "predicate"})
  void whoAsksToStream_isHeardAtEachFlush_withTheWorkBeforeIt(String how) throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    app.filter(filter -> filter.stream(request -> how.equals("predicate")))
        .start(
            (request, response) -> {
              if (how.equals("content type")) {
                response.setContentType("text/event-stream");
              }
              if (how.equals("attribute")) {
                request.setAttribute(UnitOfWorkFilter.STREAM, true);
              }
              app.insert("a");
              response.getWriter().write("data: first\n\n");
              response.flushBuffer();
              await(goOn);
              app.insert("b");
              response.getWriter().write("data: second\n\n");
              response.getWriter().flush();
            });

    try (Wire wire = send("HTTP/1.1", "Connection: close")) {
      assertThat(wire.until("data: first\n\n")).startsWith("HTTP/1.1 200").doesNotContain("second");
      assertThat(app.stub.committed()).containsExactly("a");
      goOn.countDown();
      wire.until("data: second\n\n");
      assertThat(app.stub.committed()).containsExactly("a", "b");
      wire.until("0\r\n\r\n");
    } finally {
      goOn.countDown();
    }
    app.assertNothingLeft();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void withoutAsking_aFlushSendsNothing() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    start(
        (request, response) -> {
          app.insert("a");
          response.getWriter().write("first");
          response.flushBuffer();
          await(goOn);
        });
    try (Wire wire = send("HTTP/1.1", "Connection: close")) {
      assertThat(wire.isSilentFor(SILENCE)).isTrue();
      goOn.countDown();
      assertThat(wire.answer().text()).isEqualTo("first");
    } finally {
      goOn.countDown();
    }
  }

  private void refuseCommit(int after) {
    ArmedFault[] fault = new ArmedFault[1];
    int[] seen = {0};
    fault[0] =
        app.stub.arm(
            call -> call.equals("Connection.commit()") && seen[0]++ == after,
            Fault.throwBefore(() -> new SQLException("deferred constraint", "23505")));
  }

  @Test
  void aPartThatCanNotBeCommitted_isAnError_withNothingOfTheSuccess() throws Exception {
    start(
        (request, response) -> {
          response.setHeader("Location", "/notes/1");
          app.insert("a");
          response.getOutputStream().write(new byte[HELD + 1]);
        });
    refuseCommit(0);

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("Location")).isNull();
    assertThat(app.thrown).hasRootCauseInstanceOf(SQLException.class);
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void aPartThatCanNotBeCommitted_isAnError_thoughTheApplicationSwallowsIt() throws Exception {
    CountDownLatch vanished = new CountDownLatch(1);
    start(
        (request, response) -> {
          app.insert("a");
          assertThatThrownBy(() -> response.getOutputStream().write(new byte[HELD + 1]))
              .isInstanceOf(IOException.class)
              .hasCauseInstanceOf(RolledBackException.class);
          response.getOutputStream().write(new byte[HELD + 1]);
          response.getOutputStream().flush();
          vanished.countDown();
        });
    refuseCommit(0);

    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(app.thrown).hasCauseInstanceOf(RolledBackException.class);
    assertThat(vanished.getCount()).isZero();
    app.assertNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void aLaterCommitThatFails_cutsTheAnswerOff(boolean length, boolean lost) throws Exception {
    int size = 20 * HELD;
    start(
        (request, response) -> {
          if (length) {
            response.setContentLength(size);
          }
          app.insert("a");
          response.getOutputStream().write(new byte[size - 1]);
          app.insert("b");
          response.getOutputStream().write('!');
          response.getOutputStream().flush();
        });
    if (lost) {
      int[] seen = {0};
      app.stub.arm(
          call -> call.equals("Connection.commit()") && seen[0]++ == 1, Fault.breakBefore());
    } else {
      refuseCommit(1);
    }

    try (Wire wire = send("HTTP/1.1")) {
      byte[] bytes = wire.bytes();
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      assertThat(text).startsWith("HTTP/1.1 200").doesNotContain("!").doesNotEndWith("0\r\n\r\n");
      if (length) {
        assertThat(bytes.length - text.indexOf("\r\n\r\n") - 4).isLessThan(size);
      }
    }
    assertThat(app.stub.committed()).containsExactly("a");
    assertThat(app.thrown)
        .hasCauseInstanceOf(lost ? OutcomeUnknownException.class : RolledBackException.class);
    app.assertNothingLeft();
  }

  @Test
  void theLastByteOfAContentLength_isKeptBack_untilTheLastCommit() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    int size = 2 * HELD;
    start(
        (request, response) -> {
          response.setContentLength(size + 1);
          app.insert("a");
          response.getOutputStream().write(new byte[size]);
          response.getOutputStream().write('!');
          response.getOutputStream().flush();
          app.insert("b");
        });
    int[] seen = {0};
    ArmedFault second =
        app.stub.arm(
            call -> call.equals("Connection.commit()") && seen[0]++ == 1, Fault.blockBefore(goOn));
    try (Wire wire = send("HTTP/1.1")) {
      second.awaitFired();
      wire.until("\0".repeat(size));
      assertThat(wire.saysNoMoreFor(SILENCE)).isTrue();
      goOn.countDown();
      wire.until("!");
    } finally {
      goOn.countDown();
    }
    assertThat(app.stub.committed()).containsExactly("a", "b");
  }

  @Test
  void anExceptionInTheMiddle_cutsTheAnswerOff_andRollsTheRestBack() throws Exception {
    start(
        (request, response) -> {
          app.insert("a");
          response.getOutputStream().write(new byte[20 * HELD]);
          app.insert("b");
          throw new IllegalStateException("in the middle");
        });
    try (Wire wire = send("HTTP/1.1")) {
      assertThat(new String(wire.bytes(), StandardCharsets.ISO_8859_1))
          .startsWith("HTTP/1.1 200")
          .doesNotEndWith("0\r\n\r\n");
    }
    assertThat(app.stub.committed()).containsExactly("a");
    app.assertNothingLeft();
  }

  @Test
  void inHttp10_allIsHeld_upToTheSecondLimit() throws Exception {
    int[] size = {WHOLE};
    start(
        (request, response) -> {
          response.setContentType("text/event-stream");
          app.insert("a");
          response.getOutputStream().write(new byte[size[0]]);
          response.flushBuffer();
          assertThat(app.stub.committed()).isEmpty();
        });
    try (Wire wire = send("HTTP/1.0")) {
      assertThat(wire.answer().body()).hasSize(WHOLE);
    }
    assertThat(app.stub.committed()).containsExactly("a");

    size[0]++;
    try (Wire wire = send("HTTP/1.0")) {
      assertThat(wire.answer().status()).isEqualTo(500);
    }
    assertThat(app.thrown)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(WHOLE + " bytes");
    assertThat(app.stub.committed()).containsExactly("a");
    app.assertNothingLeft();
  }

  @Test
  void inHttp10_aContentLengthShowsTheEnd() throws Exception {
    start(
        (request, response) -> {
          response.setContentLength(WHOLE + 1);
          app.insert("a");
          response.getOutputStream().write(new byte[WHOLE + 1]);
        });
    try (Wire wire = send("HTTP/1.0")) {
      assertThat(wire.answer().body()).hasSize(WHOLE + 1);
    }
  }

  @Test
  void aLargeAnswerThatSaysItFailed_isGiven_andTheWorkIsNot() throws Exception {
    start(
        (request, response) -> {
          response.setStatus(404);
          app.insert("a");
          response.getOutputStream().write(new byte[HELD + 1]);
        });
    Answer answer = app.get("/");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).hasSize(HELD + 1);
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void rollbackOnly_isNoSuccess_howeverLargeTheAnswer() throws Exception {
    start(
        (request, response) -> {
          app.insert("a");
          app.dataSource.current().setRollbackOnly();
          response.getOutputStream().write(new byte[HELD + 1]);
        });
    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(app.unit.outcome()).contains(Outcome.ROLLED_BACK);
    assertThat(app.stub.committed()).isEmpty();
  }

  @Test
  void aWriterKeepsItsCharacters_acrossParts() throws Exception {
    String body = "aäß€𝄞".repeat(HELD);
    start(
        (request, response) -> {
          response.setContentType("text/plain;charset=UTF-8");
          app.insert("a");
          for (int i = 0; i < body.length(); i += 7) {
            response.getWriter().write(body.substring(i, Math.min(i + 7, body.length())));
          }
        });
    assertThat(app.get("/").text()).isEqualTo(body);
  }

  @Test
  void limitsThatMakeNoSense_areRefused() {
    UnitOfWorkFilter.Builder builder =
        UnitOfWorkFilter.builder(app.dataSource, TenantResolver.header("Tenant"));
    assertThatThrownBy(() -> builder.hold(1023, 5000)).hasMessageContaining("1023");
    assertThatThrownBy(() -> builder.hold(5000, 4999)).hasMessageContaining("4999");
  }
}
