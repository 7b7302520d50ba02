package dev.headgate.containers.answers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.containers.stage.Stage;
import dev.headgate.containers.stage.Trial;
import dev.headgate.datasource.Outcome;
import dev.headgate.faults.CommitFault;
import dev.headgate.faults.CommitFaults;
import dev.headgate.faults.Pause;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that are larger than what is held: no client takes one for whole that is not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StreamContract {

  private static final int HELD = 4096;
  private static final int WHOLE = 4 * HELD;

  /** In no page of a container's. */
  private static final byte LAST = 7;

  private Stage stage;

  protected abstract EmbeddedContainer container();

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    stage =
        Stage.open(container(), folder, app -> app.unitOfWork(filter -> filter.hold(HELD, WHOLE)));
  }

  @AfterAll
  void close() throws Exception {
    stage.close();
  }

  @AfterEach
  void passAll() {
    // Tomcat may have closed it, with a stream that broke off.
    stage.closeHttp2();
    stage.proxy().onCommit(CommitFaults.none());
    stage.assertNothingLeft();
  }

  /** How the answer's end is marked. */
  enum Marked {
    BY_LENGTH,
    BY_THE_CONTAINER,
    BY_CLOSE
  }

  /** Where the second COMMIT fails. */
  enum Fault {
    CONSTRAINT,
    LOST,
    EXCEPTION
  }

  /** In HTTP/2 that header makes the answer malformed (RFC 9113, section 8.2.2). */
  private static Stream<Marked> marked(Wire wire) {
    return Stream.of(Marked.values())
        .filter(marked -> wire != Wire.HTTP_2 || marked != Marked.BY_CLOSE);
  }

  private static Stream<Arguments> failures() {
    return Stream.of(Wire.values())
        .flatMap(
            wire ->
                marked(wire)
                    .flatMap(
                        marked ->
                            Stream.of(Fault.values())
                                .flatMap(
                                    fault ->
                                        Stream.of(3 * HELD, 40 * HELD)
                                            .map(
                                                size -> Arguments.of(wire, marked, fault, size)))));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatFailsLater_isNeverACleanSuccess(Wire wire, Marked marked, Fault fault, int size)
      throws Exception {
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              mine.insert("a");
              mark(marked, response, size);
              response.getOutputStream().write(new byte[size - 1]);
              mine.insert("b");
              if (fault == Fault.CONSTRAINT) {
                mine.insertWhatCanNotBeCommitted();
              }
              if (fault == Fault.LOST) {
                stage.proxy().onCommit(CommitFaults.next(CommitFault.cutBefore()));
              }
              response.getOutputStream().write(LAST);
              if (fault == Fault.EXCEPTION) {
                throw new IllegalStateException("at the end");
              }
            });
    try (Wire.Sent sent = wire.send(stage, trial)) {
      Wire.Heard heard = sent.receive();

      assertThat(heard.isCleanSuccess()).as("%s", heard.text()).isFalse();
      if (heard.clean()) {
        assertThat(heard.status()).as("%s", heard.text()).isEqualTo(500);
      }
      assertThat(heard.body()).doesNotContain(LAST);
    }
    trial.awaitLeft();
    assertThat(trial.stored()).doesNotContain("b");
  }

  private boolean isHeldWhole(Wire wire, Marked marked) {
    return switch (wire) {
      case HTTP_1_0, HTTP_1_0_KEEP_ALIVE -> marked != Marked.BY_LENGTH;
      case HTTP_2 -> marked != Marked.BY_LENGTH && container().endsStreamsThatItCuts();
      case HTTP_1_1, HTTP_1_1_CLOSE -> false;
    };
  }

  private static void mark(Marked marked, HttpServletResponse response, int size) {
    if (marked == Marked.BY_LENGTH) {
      response.setContentLength(size);
    }
    if (marked == Marked.BY_CLOSE) {
      response.setHeader("Connection", "close");
    }
  }

  private static Stream<Arguments> successes() {
    return Stream.of(Wire.values())
        .flatMap(
            wire ->
                marked(wire)
                    .flatMap(
                        marked ->
                            Stream.of(HELD, HELD + 1, WHOLE, WHOLE + 1, 40 * HELD)
                                .map(size -> Arguments.of(wire, marked, size))));
  }

  @ParameterizedTest
  @MethodSource("successes")
  void whatSucceeds_isWhole_orRefusedWhereItCanNotBeShown(Wire wire, Marked marked, int size)
      throws Exception {
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              mine.insert("a");
              mark(marked, response, size);
              response.getOutputStream().write(new byte[size - 1]);
              mine.insert("b");
              response.getOutputStream().write(LAST);
            });
    try (Wire.Sent sent = wire.send(stage, trial)) {
      Wire.Heard heard = sent.receive();

      assertThat(heard.clean()).as("%s", heard.text()).isTrue();
      if (heard.status() == 200) {
        assertThat(heard.body()).hasSize(size).endsWith(LAST);
        assertThat(trial.stored()).containsExactly("a", "b");
      } else {
        assertThat(heard.status()).as("%s", heard.text()).isEqualTo(500);
        assertThat(marked).isNotEqualTo(Marked.BY_LENGTH);
        assertThat(wire != Wire.HTTP_2 || container().endsStreamsThatItCuts()).isTrue();
        assertThat(size).isGreaterThan(WHOLE);
        assertThat(trial.stored()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void bytesGoOutAfterTheirOwnCommit_andTheLastOneAfterTheLast(Wire wire) throws Exception {
    var first = new Pause();
    var last = new Pause();
    var seen = new AtomicInteger();
    stage
        .proxy()
        .onCommit(commit -> CommitFault.pauseBefore(seen.incrementAndGet() == 1 ? first : last));
    int size = 3 * HELD;
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              mine.insert("a");
              response.setContentLength(size);
              response.getOutputStream().write(new byte[size]);
              response.flushBuffer();
              mine.insert("b");
            });
    try (Wire.Sent sent = wire.send(stage, trial)) {
      first.awaitReached();
      assertThat(sent.isSilent(Duration.ofMillis(20))).isTrue();
      assertThat(trial.stored()).isEmpty();
      first.resume();
      last.awaitReached();
      assertThat(trial.stored()).containsExactly("a");
      last.resume();
      Wire.Heard heard = sent.receive();

      assertThat(heard.isCleanSuccess()).as("%s", heard.text()).isTrue();
      assertThat(heard.body()).hasSize(size);
    } finally {
      first.resume();
      last.resume();
    }
    trial.assertTold(Outcome.COMMITTED);
    assertThat(trial.stored()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void anEventStream_isHeardAtEachFlush_whereItsEndCanBeSeen(Wire wire) throws Exception {
    var second = new Pause();
    var seen = new AtomicInteger();
    stage
        .proxy()
        .onCommit(
            commit ->
                seen.incrementAndGet() == 2 ? CommitFault.pauseBefore(second) : CommitFault.none());
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              response.setContentType("text/event-stream");
              mine.insert("a");
              event(response, "first");
              mine.insert("b");
              event(response, "second");
            });
    try (Wire.Sent sent = wire.send(stage, trial)) {
      if (isHeldWhole(wire, Marked.BY_THE_CONTAINER)) {
        trial.awaitLeft();
      } else {
        second.awaitReached();
        assertThat(sent.isSilent(Duration.ofSeconds(10))).isFalse();
        assertThat(trial.stored()).containsExactly("a");
        second.resume();
      }
      Wire.Heard heard = sent.receive();

      assertThat(heard.isCleanSuccess()).as("%s", heard.text()).isTrue();
      assertThat(new String(heard.body(), StandardCharsets.UTF_8))
          .isEqualTo("data: first\n\ndata: second\n\n");
    } finally {
      second.resume();
    }
    assertThat(trial.stored()).containsExactly("a", "b");
  }

  private static void event(HttpServletResponse response, String data) throws IOException {
    response.getWriter().write("data: " + data + "\n\n");
    response.flushBuffer();
  }

  /** Answers that have no body, whatever is written. */
  enum Bodyless {
    NO_CONTENT("GET", 204),
    NOT_MODIFIED("GET", 304),
    HEAD("HEAD", 200);

    private final String method;
    private final int status;

    Bodyless(String method, int status) {
      this.method = method;
      this.status = status;
    }
  }

  private static Stream<Arguments> withoutBodies() {
    return Stream.of(Wire.values())
        .flatMap(
            wire ->
                Stream.of(Bodyless.values())
                    .flatMap(
                        what ->
                            Stream.of(true, false).map(fails -> Arguments.of(wire, what, fails))));
  }

  @ParameterizedTest
  @MethodSource("withoutBodies")
  void answersWithoutABody_waitAsWell(Wire wire, Bodyless what, boolean fails) throws Exception {
    int status = what.status;
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              mine.insert("a");
              response.setStatus(status);
              if (status == 200) {
                response.setContentLength(2 * HELD);
                response.getOutputStream().write(new byte[2 * HELD]);
                // For HEAD the first half may have been answered by now.
              }
              if (fails && status != 200) {
                mine.insertWhatCanNotBeCommitted();
              }
            });
    try (Wire.Sent sent = wire.send(stage, trial, what.method)) {
      Wire.Heard heard = sent.receive();

      boolean failed = fails && status != 200;
      assertThat(heard.status()).as("%s", heard.text()).isEqualTo(failed ? 500 : status);
      assertThat(heard.clean()).as("%s", heard.text()).isTrue();
      assertThat(trial.stored()).hasSize(failed ? 0 : 1);
    }
  }
}
