package dev.headgate.containers.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.containers.laboratory.RawAnswer;
import dev.headgate.containers.laboratory.RawClient;
import dev.headgate.containers.stage.Stage;
import dev.headgate.containers.stage.Trial;
import dev.headgate.datasource.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Complete, dispatch, timeout, error and a client that goes away, in every order: each request has
 * one outcome, and the client hears of no other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
public abstract class AsyncMatrixContract {

  private static final boolean ALL = Boolean.getBoolean("headgate.stress");

  /** Without a common divisor with the numbers of choices, so that each is taken. */
  private static final int STEP = 31;

  /** As many requests as go on at once. */
  private static final int AT_ONCE = 48;

  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** So that those which Tomcat forgets end within the test. */
  private static final Duration ASYNC_LIMIT = Duration.ofSeconds(4);

  private static final Duration A_MOMENT = Duration.ofMillis(20);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Stage stage;

  protected abstract EmbeddedContainer container();

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    stage =
        Stage.open(
            container(),
            folder,
            app -> app.poolSize(AT_ONCE).unitOfWork(filter -> filter.asyncLimit(ASYNC_LIMIT)));
  }

  @AfterAll
  void close() throws Exception {
    threads.shutdownNow();
    stage.close();
  }

  /** Those that wait for a timeout are together: Tomcat looks for timeouts once a second. */
  @TestFactory
  Stream<DynamicTest> everyOrder() {
    List<Scenario> all = Scenario.all();
    int step = ALL ? 1 : STEP;
    List<Scenario> some =
        IntStream.range(0, all.size() / step)
            .mapToObj(at -> all.get(at * step))
            .sorted(Comparator.comparing(Scenario::timesOut))
            .toList();
    return IntStream.range(0, (some.size() + AT_ONCE - 1) / AT_ONCE)
        .mapToObj(at -> some.subList(at * AT_ONCE, Math.min((at + 1) * AT_ONCE, some.size())))
        .map(group -> DynamicTest.dynamicTest(title(group), () -> perform(group)));
  }

  private static String title(List<Scenario> group) {
    return "%s and %d more".formatted(group.get(0), group.size() - 1);
  }

  private void perform(List<Scenario> group) throws Exception {
    List<Performance> performances =
        group.stream().map(scenario -> new Performance(stage, scenario, threads)).toList();
    List<RawClient> clients = new ArrayList<>();
    try {
      for (Performance each : performances) {
        clients.add(stage.send(each.trial()));
      }
      for (int i = 0; i < group.size(); i++) {
        if (group.get(i).gone()) {
          performances.get(i).awaitBegun();
          clients.get(i).abort();
        }
      }
      for (int i = 0; i < group.size(); i++) {
        requireOneOutcome(performances.get(i), clients.get(i));
      }
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
    stage.assertNothingLeft();
  }

  private void requireOneOutcome(Performance performance, RawClient client) throws Exception {
    Trial trial = performance.trial();
    Scenario scenario = performance.scenario();
    String what = scenario.toString();
    boolean mustAnswer = !scenario.throwing() || !container().leavesFailedStartsUnanswered();
    RawAnswer answer = null;
    if (!scenario.gone() && mustAnswer) {
      assertThat(client.isSilent(LONGEST)).as("%s: no answer", what).isFalse();
      answer = client.receive("GET");
    }
    performance.awaitActed();
    Stage.eventually(() -> assertThat(trial.told()).as("%s, told", what).isNotEmpty());
    boolean committed = trial.told().get(0) == Outcome.COMMITTED;
    assertThat(trial.told()).as("%s, told", what).hasSize(1);
    assertThat(trial.unit().outcomes()).as("%s, outcomes", what).hasSize(1);
    if (committed) {
      assertThat(trial.stored()).as("%s, stored", what).isEqualTo(trial.inserted());
    } else {
      assertThat(trial.stored()).as("%s, stored", what).isEmpty();
    }
    if (!scenario.gone() && !mustAnswer && !client.isSilent(A_MOMENT)) {
      answer = client.receive("GET");
    }
    if (answer != null && (mustAnswer || !answer.isEmpty())) {
      requireTrue(answer, committed, scenario.mayBeAnswered(), what);
    }
  }

  private static void requireTrue(
      RawAnswer answer, boolean committed, boolean answered, String what) {
    assertThat(answer.end()).as("%s: %s", what, answer).isEqualTo(RawAnswer.End.WHOLE);
    if (committed) {
      assertThat(answer.status()).as("%s: %s", what, answer).isEqualTo(200);
      assertThat(answer.text()).as("%s", what).isEqualTo("success");
    } else {
      assertThat(answer.status()).as("%s: %s", what, answer).isIn(500, 503);
      if (!answered) {
        assertThat(answer.headers("Location")).as("%s: %s", what, answer).isEmpty();
      }
    }
  }
}
