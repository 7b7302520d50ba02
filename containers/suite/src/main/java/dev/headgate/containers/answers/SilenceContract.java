package dev.headgate.containers.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.containers.stage.Stage;
import dev.headgate.containers.stage.Trial;
import dev.headgate.faults.CommitFault;
import dev.headgate.faults.CommitFaults;
import dev.headgate.faults.Pause;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * While a COMMIT is on its way, before the database has it or after, no byte reaches the client,
 * however the answer was written.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
public abstract class SilenceContract {

  private static final boolean ALL = Boolean.getBoolean("headgate.stress");
  private static final int KIB = 1024;
  private static final int LIMIT = 128 * KIB;

  /** No more than a pool has connections, since all of a test are on their way at once. */
  private static final List<Integer> SIZES =
      List.of(0, 8 * KIB - 1, 8 * KIB, 8 * KIB + 1, 32 * KIB, LIMIT - 1, LIMIT, LIMIT + 1);

  private static final List<Charset> CHARSETS =
      List.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16);

  private static final List<Wire> WIRES = List.of(Wire.values());

  private static final Duration SILENCE = Duration.ofMillis(20);
  private static final Duration LAST_CHANCE = Duration.ofSeconds(1);

  private Stage stage;

  protected abstract EmbeddedContainer container();

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    // What says that it failed is committed too, so that there is always a COMMIT to wait for.
    stage =
        Stage.open(
            container(), folder, app -> app.unitOfWork(filter -> filter.rollBackOn(s -> false)));
  }

  @AfterAll
  void close() throws Exception {
    stage.close();
  }

  @AfterEach
  void passAll() {
    stage.proxy().onCommit(CommitFaults.none());
    stage.assertNothingLeft();
  }

  /** How an answer is written but for its size. */
  private record Form(
      WayToWrite way, Wire wire, Charset charset, boolean byWriter, boolean length, boolean after) {

    @Override
    public String toString() {
      return "%s, %s, %s, %s, COMMIT %s%s"
          .formatted(
              way,
              wire,
              charset,
              byWriter ? "by writer" : "by stream",
              after ? "answered" : "sent",
              length ? ", with length" : "");
    }

    /** Returns the sizes of those that are under way at once. */
    List<List<Integer>> sizes() {
      // Of answers by sendError on one connection at once, Jetty 12.1.12 resets some by itself.
      return wire == Wire.HTTP_2 && way.sendsAnError()
          ? SIZES.stream().map(List::of).toList()
          : List.of(SIZES);
    }
  }

  /**
   * Returns each way to write with each charset, with and without a length, and with writer and
   * stream if it can have either. They take turns with the wires and the ends of COMMIT.
   */
  private static List<Form> forms(List<WayToWrite> ways, int at) {
    WayToWrite way = ways.get(at);
    List<Form> forms = new ArrayList<>();
    for (Charset charset : CHARSETS) {
      for (boolean byWriter : new boolean[] {false, true}) {
        if (byWriter
            ? way.isOfTheWriter() || way.isOfTheResponse()
            : !way.isOfTheWriter() && way.isEncodedAlike(charset)) {
          for (boolean length : new boolean[] {false, true}) {
            int turn = at + forms.size();
            Wire wire = WIRES.get(turn % WIRES.size());
            boolean after = turn / WIRES.size() % 2 == 1;
            forms.add(new Form(way, wire, charset, byWriter, length, after));
          }
        }
      }
    }
    return forms;
  }

  @TestFactory
  Stream<DynamicTest> noByteBeforeTheCommit() {
    List<WayToWrite> ways = WayToWrite.all();
    return IntStream.range(0, ways.size())
        .boxed()
        .flatMap(
            at -> {
              List<Form> forms = forms(ways, at);
              // Some of each, other ones for each.
              return ALL
                  ? forms.stream()
                  : Stream.of(
                      forms.get(7 * at % forms.size()), forms.get((13 * at + 29) % forms.size()));
            })
        .map(form -> DynamicTest.dynamicTest(form.toString(), () -> silent(form)));
  }

  private void silent(Form form) throws Exception {
    for (List<Integer> sizes : form.sizes()) {
      silent(form, sizes);
    }
  }

  private void silent(Form form, List<Integer> sizes) throws Exception {
    var pause = new Pause();
    var commits = new CountDownLatch(sizes.size());
    stage.proxy().onCommit(commit -> pausing(form, pause, commits));
    List<Trial> trials = sizes.stream().map(size -> trial(form, size)).toList();
    List<Wire.Sent> sent = new ArrayList<>();
    try {
      for (Trial trial : trials) {
        sent.add(form.wire.send(stage, trial));
      }
      awaitAll(commits, pause, sent);
      if (form.after) {
        pause.awaitReached();
      }
      for (int i = 0; i < sent.size(); i++) {
        Duration time = i == 0 ? SILENCE : Duration.ofMillis(1);
        assertThat(sent.get(i).isSilent(time)).as("%s is silent", sizes.get(i)).isTrue();
      }
      pause.resume();
      for (int i = 0; i < sent.size(); i++) {
        requireAnswer(form, sizes.get(i), trials.get(i), sent.get(i).receive());
      }
    } finally {
      pause.resume();
      for (Wire.Sent each : sent) {
        each.close();
      }
      // It would time out before its next turn.
      stage.closeHttp2();
    }
  }

  private static void awaitAll(CountDownLatch commits, Pause pause, List<Wire.Sent> sent)
      throws Exception {
    if (Stage.isReached(commits)) {
      return;
    }
    pause.resume();
    List<String> heard = new ArrayList<>();
    for (Wire.Sent each : sent) {
      heard.add(each.isSilent(LAST_CHANCE) ? "nothing" : each.receive().text());
    }
    fail("%d COMMITs did not come; the answers to all are %s", commits.getCount(), heard);
  }

  private static CommitFault pausing(Form form, Pause pause, CountDownLatch commits) {
    commits.countDown();
    return form.after ? CommitFault.pauseAfter(pause) : CommitFault.pauseBefore(pause);
  }

  private Trial trial(Form form, int size) {
    return stage.trial(
        (trial, request, response) -> {
          trial.insert("a");
          response.setHeader("X-Servlet", "was here");
          response.setContentType("text/plain;charset=" + form.charset);
          if (form.length && !form.way.takesTheBodyBack()) {
            response.setContentLength(length(form, size));
          }
          form.way.write(response, form.byWriter, size);
        });
  }

  private static int length(Form form, int size) throws IOException {
    if (!form.way.isOfTheResponse()) {
      return form.way.body(form.charset, size).length;
    }
    return form.byWriter ? "w".repeat(size).getBytes(form.charset).length : size;
  }

  private static void requireAnswer(Form form, int size, Trial trial, Wire.Heard heard)
      throws Exception {
    assertThat(heard.status()).as("%s", heard.text()).isGreaterThanOrEqualTo(200);
    assertThat(heard.clean()).as("%s", heard.text()).isTrue();
    if (!form.way.isOfTheResponse()) {
      assertThat(heard.status()).as("%s", heard.text()).isEqualTo(200);
      assertThat(heard.body()).isEqualTo(form.way.body(form.charset, size));
    }
    boolean success = heard.status() < 500;
    assertThat(trial.stored().isEmpty()).isEqualTo(!success);
  }
}
