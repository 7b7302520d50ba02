package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.headgate.datasource.Outcome;
import dev.headgate.datasource.RolledBackException;
import dev.headgate.datasource.TransactionOutcome;
import dev.headgate.faults.Fault;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

/** What makes the filter commit, and what makes it roll back. */
class DecisionTest {

  private final StubApp app = new StubApp();

  @AfterEach
  void close() {
    app.close();
  }

  @Test
  void aRequestThatSucceedsIsCommitted() throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          response.getWriter().print("stored");
        });

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("stored");
    assertThat(app.stub.committed()).containsExactly("a");
    assertThat(app.unit.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.COMMITTED);
    app.assertNothingLeft();
  }

  @Test
  void aRequestWithoutAConnectionTakesNone() throws Exception {
    app.start((request, response) -> response.getWriter().print("none"));

    assertThat(app.get("/").status()).isEqualTo(200);
    assertThat(app.stub.calls()).isEmpty();
    assertThat(app.dataSource.snapshot().pools()).isEmpty();
  }

  @Test
  void whoAsksInFrontOfTheFilter_isRefused_andToldThatItHasToBeInFront() throws Exception {
    List<String> refused = new CopyOnWriteArrayList<>();
    app.before(
            response -> {
              try {
                app.execute("SELECT a");
              } catch (SQLException e) {
                refused.add(e.getMessage());
              }
            })
        .start((request, response) -> app.insert("b"));

    assertThat(app.get("/").status()).isEqualTo(200);
    assertThat(refused)
        .singleElement(STRING)
        .contains("UnitOfWorkFilter", "in front of the filters that use the database");
    assertThat(app.stub.committed()).containsExactly("b");
  }

  static Stream<Throwable> failures() {
    return Stream.of(
        new ServletException("no"),
        new IOException("no"),
        new IllegalStateException("no"),
        new AssertionError("no"),
        new StackOverflowError());
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatTheApplicationThrowsRollsBackAndIsThrownOn(Throwable failure) throws Exception {
    app.start(
        (request, response) -> {
          response.setHeader("X-Success", "yes");
          response.getWriter().print("stored");
          app.insert("a");
          raise(failure);
        });

    Answer answer = app.get("/");

    assertThat(app.thrown).isSameAs(failure).hasNoSuppressedExceptions();
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("X-Success")).isNull();
    assertThat(app.stub.committed()).isEmpty();
    assertThat(app.unit.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.ROLLED_BACK);
    app.assertNothingLeft();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aRollbackThatFailsIsSuppressedInWhatTheApplicationThrew(Throwable failure) throws Exception {
    SQLException later = new SQLException("no rollback");
    app.start(
        (request, response) -> {
          app.insert("a");
          raise(failure);
        });
    app.stub.arm("Connection.rollback()"::equals, Fault.throwBefore(() -> later)).always();

    Answer answer = app.get("/");

    assertThat(app.thrown).isSameAs(failure);
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0]).hasRootCause(later);
    assertThat(answer.status()).isEqualTo(500);
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
    assertThat(app.stub.connectionsClosed()).isEqualTo(1);
  }

  private static void raise(Throwable failure) throws IOException, ServletException {
    if (failure instanceof ServletException e) {
      throw e;
    }
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    throw (Error) failure;
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 303})
  void rollbackOnlyMakesAnErrorOfASuccess(int status) throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          app.dataSource.current().setRollbackOnly();
          response.setStatus(status);
          response.setHeader("Location", "/elsewhere");
        });

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("Location")).isNull();
    assertThat(app.thrown).hasRootCauseInstanceOf(RolledBackException.class);
    assertThat(app.stub.committed()).isEmpty();
    assertThat(app.unit.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.ROLLED_BACK);
    app.assertNothingLeft();
  }

  @Test
  void anErrorStaysAsItIsThoughItsRollbackFails() throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          response.setStatus(404);
          response.getWriter().print("no such thing");
        });
    app.stub.arm(
        "Connection.rollback()"::equals, Fault.throwBefore(() -> new SQLException("no rollback")));

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).isEqualTo("no such thing");
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
    assertThat(app.stub.connectionsClosed()).isEqualTo(1);
  }

  @Test
  void rollbackOnlyLeavesAnErrorAsItIs() throws Exception {
    app.filter(filter -> filter.rollBackOn(status -> false))
        .start(
            (request, response) -> {
              app.insert("a");
              app.dataSource.current().setRollbackOnly();
              response.setStatus(409);
              response.getWriter().print("taken");
            });

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text()).isEqualTo("taken");
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void aTransactionThatTheDatabaseLostIsAnErrorThoughTheExceptionWasSwallowed() throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          try {
            app.execute("ABORT");
          } catch (SQLException e) {
            // As if all were well.
          }
          response.sendRedirect("/");
        });

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("Location")).isNull();
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void everyStatusFrom400UpRollsBack() throws Exception {
    app.start(
        (request, response) -> {
          int status = Integer.parseInt(request.getParameter("status"));
          app.insert(Integer.toString(status));
          response.setStatus(status);
        });

    List<Integer> answered = new ArrayList<>();
    IntStream.range(200, 600).forEach(s -> answered.add(app.get("/?status=" + s).status()));

    assertThat(answered).containsExactlyElementsOf(numbers(200, 600));
    assertThat(app.stub.committed()).containsExactlyElementsOf(texts(200, 400));
    app.assertNothingLeft();
  }

  @Test
  void everyErrorThatIsSentRollsBack() throws Exception {
    app.start(
        (request, response) -> {
          int status = Integer.parseInt(request.getParameter("status"));
          app.insert(Integer.toString(status));
          response.sendError(status, "sent");
        });

    List<Integer> answered = new ArrayList<>();
    IntStream.range(400, 600).forEach(s -> answered.add(app.get("/?status=" + s).status()));

    assertThat(answered).containsExactlyElementsOf(numbers(400, 600));
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void aRedirectIsCommitted() throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          response.sendRedirect("/next");
        });

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location")).isEqualTo("/next");
    assertThat(app.stub.committed()).containsExactly("a");
  }

  @Test
  void aPredicateReplacesTheVeto() throws Exception {
    app.filter(filter -> filter.rollBackOn(status -> status == 202))
        .start(
            (request, response) -> {
              int status = Integer.parseInt(request.getParameter("status"));
              app.insert(Integer.toString(status));
              response.setStatus(status);
            });

    assertThat(app.get("/?status=202").status()).isEqualTo(202);
    assertThat(app.get("/?status=404").status()).isEqualTo(404);
    assertThat(app.get("/?status=500").status()).isEqualTo(500);
    assertThat(app.stub.committed()).containsExactly("404", "500");
    app.assertNothingLeft();
  }

  @Test
  void aPredicateThatThrowsRollsBack() throws Exception {
    app.filter(
            filter ->
                filter.rollBackOn(
                    status -> {
                      throw new IllegalStateException("no opinion");
                    }))
        .start((request, response) -> app.insert("a"));

    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void whatTheApplicationCommitsItselfStays() throws Exception {
    app.start(
        (request, response) -> {
          app.insert("kept");
          app.dataSource.current().commit();
          app.insert("lost");
          throw new IllegalStateException("afterwards");
        });

    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(app.stub.committed()).containsExactly("kept");
    assertThat(app.unit.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.COMMITTED, Outcome.ROLLED_BACK);
    app.assertNothingLeft();
  }

  @Test
  void mdcHasTheTenantWhileTheRequestRuns() throws Exception {
    app.start((request, response) -> response.getWriter().print(MDC.get("tenant")));

    assertThat(app.get("/").text()).isEqualTo("acme");
    app.assertNothingLeft();
    assertThat(app.get("/", "Outer: before").text()).isEqualTo("acme");
    app.assertNothingLeft();
  }

  @Test
  void mdcIsRestoredAfterAFailure() throws Exception {
    app.start(
        (request, response) -> {
          response.setStatus(HttpServletResponse.SC_ACCEPTED);
          throw new IllegalStateException("no");
        });

    app.get("/", "Outer: before");
    app.assertNothingLeft();
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private static List<String> texts(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }
}
