package dev.headgate.containers.answers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.containers.stage.Stage;
import dev.headgate.containers.stage.Trial;
import dev.headgate.datasource.Outcome;
import dev.headgate.faults.CommitFault;
import dev.headgate.faults.CommitFaults;
import dev.headgate.faults.Pause;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that goes away changes nothing of what becomes of its request's work. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class DisconnectContract {

  private static final int SIZE = 100 * 1024;

  private Stage stage;

  protected abstract EmbeddedContainer container();

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    stage = Stage.open(container(), folder, app -> app);
  }

  @AfterAll
  void close() throws Exception {
    stage.close();
  }

  @AfterEach
  void passAll() {
    // Tomcat closes it with a stream that the client has reset.
    stage.closeHttp2();
    stage.proxy().onCommit(CommitFaults.none());
    stage.assertNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({"HTTP_1_1, false", "HTTP_1_1, true", "HTTP_2, false", "HTTP_2, true"})
  void inTheMiddleOfTheBody(Wire wire, boolean fails) throws Exception {
    var writing = new CountDownLatch(1);
    var gone = new CountDownLatch(1);
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              mine.insert("a");
              response.getOutputStream().write(new byte[SIZE]);
              response.flushBuffer();
              writing.countDown();
              Stage.await(gone);
              mine.insert("b");
              if (fails) {
                mine.insertWhatCanNotBeCommitted();
              }
              response.getOutputStream().write(new byte[10]);
              response.flushBuffer();
            });
    try (Wire.Sent sent = wire.send(stage, trial)) {
      Stage.await(writing);
      sent.abort();
      gone.countDown();
      trial.awaitLeft();
    }
    trial.assertTold(fails ? Outcome.ROLLED_BACK : Outcome.COMMITTED);
    assertThat(trial.stored()).hasSize(fails ? 0 : 2);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_1_0", "HTTP_2"})
  void whileTheCommitIsOnItsWay(Wire wire) throws Exception {
    var pause = new Pause();
    stage.proxy().onCommit(CommitFaults.next(CommitFault.pauseBefore(pause)));
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              mine.insert("a");
              response.getOutputStream().write(new byte[SIZE]);
            });
    try (Wire.Sent sent = wire.send(stage, trial)) {
      pause.awaitReached();
      sent.abort();
      pause.resume();
      trial.awaitLeft();
    } finally {
      pause.resume();
    }
    trial.assertTold(Outcome.COMMITTED);
    assertThat(trial.stored()).containsExactly("a");
  }
}
