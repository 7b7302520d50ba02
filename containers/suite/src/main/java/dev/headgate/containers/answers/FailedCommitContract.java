package dev.headgate.containers.answers;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.containers.laboratory.Laboratory;
import dev.headgate.containers.laboratory.RawClient;
import dev.headgate.containers.stage.Stage;
import dev.headgate.containers.stage.Trial;
import dev.headgate.datasource.Outcome;
import dev.headgate.datasource.OutcomeUnknownException;
import dev.headgate.datasource.RolledBackException;
import dev.headgate.faults.CommitFault;
import dev.headgate.faults.CommitFaults;
import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the client hears when COMMIT fails, or nobody knows whether it did. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FailedCommitContract {

  private static final String PAGE = "/failed";

  /** The web.xml that says how failures look. */
  enum Pages {
    BY_TYPE(
        app ->
            app.servlet(PAGE, FailedCommitContract::page)
                .errorPage(RolledBackException.class, PAGE)
                .errorPage(OutcomeUnknownException.class, PAGE)),
    BY_STATUS(app -> app.servlet(PAGE, FailedCommitContract::page).errorPage(500, PAGE)),
    OF_THE_CONTAINER(app -> app);

    private final UnaryOperator<Laboratory.Builder> settings;

    Pages(UnaryOperator<Laboratory.Builder> settings) {
      this.settings = settings;
    }
  }

  private final Map<Pages, Stage> stages = new EnumMap<>(Pages.class);

  protected abstract EmbeddedContainer container();

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    for (Pages pages : Pages.values()) {
      stages.put(pages, Stage.open(container(), folder.resolve(pages.name()), pages.settings));
    }
  }

  @AfterAll
  void close() throws Exception {
    for (Stage stage : stages.values()) {
      stage.close();
    }
  }

  @AfterEach
  void passAll() {
    for (Stage stage : stages.values()) {
      stage.proxy().onCommit(CommitFaults.none());
      stage.assertNothingLeft();
    }
  }

  private static void page(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain");
    response.getWriter().print("sorry, it is " + request.getAttribute(UnitOfWorkFilter.OUTCOME));
  }

  @ParameterizedTest
  @EnumSource(names = {"BY_TYPE", "BY_STATUS"})
  void theEncodingThatAFilterInFrontHasSet_isThatOfThePage(Pages pages) throws Exception {
    Stage stage = requireNonNull(stages.get(pages));
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              mine.insertWhatCanNotBeCommitted();
              response.setContentType("text/html;charset=ISO-8859-1");
            });
    String encoding = container().keepsEncodingForErrorPages() ? "UTF-8" : "ISO-8859-1";
    try (RawClient client = stage.send(trial, "GET", "HTTP/1.1", Stage.ENCODING + ": UTF-8")) {
      assertThat(client.receive("GET").headers("Content-Type"))
          .first(InstanceOfAssertFactories.STRING)
          .isEqualToIgnoringCase("text/plain;charset=" + encoding);
    }
  }

  private static Stream<Arguments> failures() {
    return Stream.of(Pages.values())
        .flatMap(
            pages ->
                Stream.of(Failure.values())
                    .flatMap(
                        failure ->
                            Stream.of(Wire.HTTP_1_1, Wire.HTTP_1_0, Wire.HTTP_2)
                                .map(wire -> Arguments.of(pages, failure, wire))));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailedCommit_isAnError_withNothingOfTheSuccess(Pages pages, Failure failure, Wire wire)
      throws Exception {
    Stage stage = requireNonNull(stages.get(pages));
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              mine.insert("a");
              failure.happenTo(mine);
              succeed(response);
            });
    Wire.Heard heard = hear(stage, trial, wire);

    requireFailure(heard, pages, Outcome.ROLLED_BACK);
    assertThat(trial.stored()).isEmpty();
    trial.assertTold(Outcome.ROLLED_BACK);
    assertThat(trial.attributes()).containsOnly(Outcome.ROLLED_BACK);
  }

  /** Answers with all that must not be left of a success. */
  private static void succeed(HttpServletResponse response) throws IOException {
    response.setStatus(HttpServletResponse.SC_CREATED);
    response.setHeader("Location", "/notes/1");
    response.setHeader("ETag", "\"1\"");
    response.setHeader("Cache-Control", "max-age=60");
    response.setHeader("X-In-Front", "changed");
    response.addCookie(new Cookie("success", "yes"));
    response.setContentType("text/plain");
    response.getWriter().print("success");
    response.flushBuffer();
  }

  private static Wire.Heard hear(Stage stage, Trial trial, Wire wire) throws Exception {
    try (Wire.Sent sent = wire.send(stage, trial)) {
      return sent.receive();
    }
  }

  private static void requireFailure(Wire.Heard heard, Pages pages, Outcome outcome) {
    assertThat(heard.status()).isEqualTo(500);
    assertThat(heard.clean()).isTrue();
    assertThat(heard.text())
        .doesNotContainIgnoringCase("Location:")
        .doesNotContainIgnoringCase("ETag:")
        .doesNotContain("max-age")
        .doesNotContain("success")
        .doesNotContainIgnoringCase("Retry-After");
    assertThat(heard.hasHeader("X-In-Front: yes")).as("%s", heard.text()).isTrue();
    if (pages != Pages.OF_THE_CONTAINER) {
      assertThat(heard.text()).contains("sorry, it is " + outcome);
    }
  }

  private static Stream<Arguments> losses() {
    return Stream.of(Pages.values())
        .flatMap(
            pages ->
                Stream.of(true, false)
                    .flatMap(
                        stored ->
                            Stream.of(Wire.HTTP_1_1, Wire.HTTP_2)
                                .map(wire -> Arguments.of(pages, stored, wire))));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aLostCommit_isUnknown(Pages pages, boolean stored, Wire wire) throws Exception {
    Stage stage = requireNonNull(stages.get(pages));
    stage
        .proxy()
        .onCommit(CommitFaults.next(stored ? CommitFault.cutAfter() : CommitFault.cutBefore()));
    Trial trial =
        stage.trial(
            (mine, request, response) -> {
              mine.insert("a");
              succeed(response);
            });
    Wire.Heard heard = hear(stage, trial, wire);

    requireFailure(heard, pages, Outcome.UNKNOWN);
    assertThat(trial.stored()).hasSize(stored ? 1 : 0);
    trial.assertTold(Outcome.UNKNOWN);
    assertThat(trial.attributes()).containsOnly(Outcome.UNKNOWN);
    assertThat(trial.thrown()).hasSize(1);
    assertThat(trial.thrown().get(0)).hasRootCauseInstanceOf(java.io.IOException.class);
    assertThat(trial.thrown().get(0)).hasCauseInstanceOf(OutcomeUnknownException.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_1_0", "HTTP_2"})
  void theNextRequest_isWell(Wire wire) throws Exception {
    Stage stage = requireNonNull(stages.get(Pages.OF_THE_CONTAINER));
    Trial trial = stage.trial((mine, request, response) -> mine.insert("a"));

    assertThat(hear(stage, trial, wire).isCleanSuccess()).isTrue();
    assertThat(trial.stored()).containsExactly("a");
    trial.assertTold(Outcome.COMMITTED);
    assertThat(trial.attributes()).containsOnly(Outcome.COMMITTED);
  }
}
