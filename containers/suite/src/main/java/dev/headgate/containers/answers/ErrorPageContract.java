package dev.headgate.containers.answers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.containers.stage.Stage;
import dev.headgate.containers.stage.Trial;
import dev.headgate.datasource.Outcome;
import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Error pages that work on the database, and every other dispatch, behind a filter that is there
 * twice, each time for every dispatcher type.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ErrorPageContract {

  private final ExecutorService worker = Executors.newCachedThreadPool();
  private Stage stage;

  protected abstract EmbeddedContainer container();

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    stage =
        Stage.open(
            new FilterTwice(container()),
            folder,
            app -> app.errorPage(500, Stage.OTHER_PATH).errorPage(404, Stage.OTHER_PATH));
  }

  @AfterAll
  void close() throws Exception {
    worker.shutdownNow();
    stage.close();
  }

  @AfterEach
  void leftNothing() {
    stage.assertNothingLeft();
  }

  /** How a request fails. */
  enum Ends {
    EXCEPTION,
    SEND_ERROR,
    CONSTRAINT,
    SWALLOWED
  }

  private static void fail(Ends how, Trial trial, HttpServletResponse response) throws Exception {
    switch (how) {
      case EXCEPTION -> throw new IllegalStateException("failed");
      case SEND_ERROR -> response.sendError(404);
      case CONSTRAINT -> Failure.DEFERRED_CONSTRAINT.happenTo(trial);
      case SWALLOWED -> Failure.SWALLOWED_DUPLICATE_KEY.happenTo(trial);
    }
  }

  private static boolean isErrorPage(HttpServletRequest request) {
    return request.getDispatcherType() == DispatcherType.ERROR;
  }

  @ParameterizedTest
  @EnumSource(Ends.class)
  void anErrorPage_hasAUnitOfItsOwn_andItsWorkIsStored(Ends how) throws Exception {
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              if (isErrorPage(request)) {
                mine.insert("page");
                response.getWriter().print("sorry");
              } else {
                mine.insert("lost");
                fail(how, mine, response);
              }
            });
    try (Wire.Sent sent = Wire.HTTP_1_1.send(stage, trial)) {
      Wire.Heard heard = sent.receive();

      assertThat(heard.status()).isEqualTo(how == Ends.SEND_ERROR ? 404 : 500);
      assertThat(heard.text()).contains("sorry");
    }
    assertThat(trial.stored()).containsExactly("page");
    Stage.eventually(
        () ->
            assertThat(trial.told())
                .containsExactlyInAnyOrder(Outcome.ROLLED_BACK, Outcome.COMMITTED));
  }

  @ParameterizedTest
  @EnumSource(names = {"EXCEPTION", "CONSTRAINT", "SWALLOWED"})
  void anErrorPageThatFails_storesNothing(Ends how) throws Exception {
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              mine.insert(isErrorPage(request) ? "page" : "lost");
              fail(isErrorPage(request) ? how : Ends.EXCEPTION, mine, response);
            });
    try (Wire.Sent sent = Wire.HTTP_1_1.send(stage, trial)) {
      assertThat(sent.receive().status()).isEqualTo(500);
    }
    assertThat(trial.stored()).isEmpty();
    Stage.eventually(
        () -> assertThat(trial.told()).containsExactly(Outcome.ROLLED_BACK, Outcome.ROLLED_BACK));
  }

  @ParameterizedTest
  @ValueSource(strings = {"FORWARD", "INCLUDE", "ASYNC"})
  void everyDispatch_isInTheSameUnit(String type) throws Exception {
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              mine.insert(request.getDispatcherType().name().toLowerCase(Locale.ROOT));
              if (request.getDispatcherType() != DispatcherType.REQUEST) {
                response.getWriter().print("done");
                return;
              }
              switch (type) {
                case "FORWARD" ->
                    request.getRequestDispatcher(Stage.OTHER_PATH).forward(request, response);
                case "INCLUDE" ->
                    request.getRequestDispatcher(Stage.OTHER_PATH).include(request, response);
                default -> request.startAsync().dispatch(Stage.OTHER_PATH);
              }
            });
    try (Wire.Sent sent = Wire.HTTP_1_1.send(stage, trial)) {
      Wire.Heard heard = sent.receive();
      assertThat(heard.isCleanSuccess()).as("%s", heard.text()).isTrue();
      assertThat(heard.text()).contains("done");
    }
    assertThat(trial.stored()).containsExactlyInAnyOrder("request", type.toLowerCase(Locale.ROOT));
    trial.assertTold(Outcome.COMMITTED);
    assertThat(trial.unit().outcomes()).hasSize(1);
  }

  /** Tomcat has the page answer before it tells of the error, and calls whom it can. */
  @Test
  void whatAnotherThreadHasCompleted_isNotServedAgain_whenItsFirstBytesFail() throws Exception {
    var calls = new AtomicInteger();
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              if (isErrorPage(request)) {
                mine.insert("page");
                response.getWriter().print("sorry");
                return;
              }
              calls.incrementAndGet();
              mine.insert("lost");
              mine.insertWhatCanNotBeCommitted();
              request.setAttribute(UnitOfWorkFilter.STREAM, true);
              AsyncContext async = request.startAsync();
              worker.submit(async::complete).get();
              response.getWriter().print("success");
              response.flushBuffer();
            });
    try (Wire.Sent sent = Wire.HTTP_1_1.send(stage, trial)) {
      Wire.Heard heard = sent.receive();

      assertThat(heard.status()).as("%s", heard.text()).isEqualTo(500);
      assertThat(heard.text()).contains("sorry");
    }
    Stage.eventually(
        () -> assertThat(trial.told()).containsExactly(Outcome.ROLLED_BACK, Outcome.COMMITTED));
    assertThat(trial.stored()).containsExactly("page");
    assertThat(calls).hasValue(1);
  }

  @Test
  void anErrorPage_doesNotWaitForAThreadThatHasTheFailedUnit() throws Exception {
    var answered = new CountDownLatch(1);
    var refused = new CountDownLatch(1);
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              if (isErrorPage(request)) {
                mine.insert("page");
                response.getWriter().print("sorry");
                return;
              }
              mine.insert("lost");
              var working = new CountDownLatch(1);
              var async = request.startAsync();
              async.setTimeout(60);
              worker.execute(
                  mine.dataSource()
                      .current()
                      .handOver(
                          () -> {
                            try {
                              mine.insert("lost, too");
                              working.countDown();
                              Stage.await(answered);
                              mine.insert("late");
                              stage.complain(new AssertionError("not refused"));
                            } catch (SQLException e) {
                              refused.countDown();
                            }
                          }));
              Stage.await(working);
            });
    try (Wire.Sent sent = Wire.HTTP_1_1.send(stage, trial)) {
      Wire.Heard heard = sent.receive();

      assertThat(heard.status()).isEqualTo(500);
      assertThat(heard.text()).contains("sorry");
      assertThat(trial.stored()).containsExactly("page");
      assertThat(stage.dataSource().snapshot().pools().get(0).active()).isOne();
    } finally {
      answered.countDown();
    }
    Stage.await(refused);
    Stage.eventually(
        () ->
            assertThat(trial.told())
                .containsExactlyInAnyOrder(Outcome.ROLLED_BACK, Outcome.COMMITTED));
    assertThat(trial.stored()).containsExactly("page");
  }
}
