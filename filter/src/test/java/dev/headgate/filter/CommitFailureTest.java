package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.Outcome;
import dev.headgate.datasource.OutcomeUnknownException;
import dev.headgate.datasource.RolledBackException;
import dev.headgate.datasource.TransactionOutcome;
import dev.headgate.faults.Fault;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A failed COMMIT never looks like success. */
class CommitFailureTest {

  private final StubApp app = new StubApp();

  @AfterEach
  void close() {
    app.close();
  }

  private void success(HttpServletRequest request, HttpServletResponse response)
      throws IOException, SQLException {
    app.insert("a");
    if (request.getParameter("session") != null) {
      request.getSession();
    }
    response.setStatus(201);
    response.setHeader("Location", "/notes/1");
    response.setHeader("X-Success", "yes");
    response.setHeader("X-Entry", "changed");
    response.addHeader("X-Many", "second");
    response.addCookie(new Cookie("success", "yes"));
    response.setContentType("application/json;charset=UTF-8");
    response.setLocale(Locale.GERMAN);
    response.setTrailerFields(() -> Map.of("Trailer-Success", "yes"));
    response.getWriter().print("{\"stored\":true}");
    response.flushBuffer();
  }

  private void start() throws Exception {
    app.before(
            response -> {
              response.setHeader("X-Entry", "entry");
              response.setHeader("X-Many", "first");
              response.addCookie(new Cookie("entry", "yes"));
              response.setContentType("text/csv");
            })
        .start(this::success);
  }

  private void assertNothingOfTheSuccess(Answer answer) {
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("Location")).isNull();
    assertThat(answer.header("X-Success")).isNull();
    assertThat(answer.header("X-Entry")).isEqualTo("entry");
    assertThat(answer.header("X-Many")).isEqualTo("first");
    assertThat(answer.headers().get("Set-Cookie")).contains("entry=yes");
    assertThat(answer.header("Content-Language")).isNull();
    assertThat(answer.header("Content-Type")).startsWith("text/html");
    assertThat(answer.header("Transfer-Encoding")).as("trailers need chunks").isNull();
    assertThat(answer.headers().toString()).doesNotContain("success");
    assertThat(answer.text()).doesNotContain("{\"stored\":true}");
    app.assertNothingLeft();
  }

  @Test
  void theSameAnswerArrivesIfCommitSucceeds() throws Exception {
    start();

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("Location")).isEqualTo("/notes/1");
    assertThat(answer.header("Content-Language")).isEqualTo("de");
    assertThat(answer.headers().get("X-Many")).containsExactly("first", "second");
    assertThat(answer.headers().get("Set-Cookie")).containsExactly("entry=yes", "success=yes");
    assertThat(answer.text()).isEqualTo("{\"stored\":true}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "23514", "40001"})
  void aCommitThatTheDatabaseRefusesIsRolledBack(String state) throws Exception {
    SQLException failure = new SQLException("refused", state);
    start();
    app.stub.arm("Connection.commit()"::equals, Fault.throwBefore(() -> failure));

    assertNothingOfTheSuccess(app.get("/"));
    assertThat(app.stub.committed()).isEmpty();
    assertThat(app.unit.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.ROLLED_BACK);
    assertThat(app.thrown).hasCauseInstanceOf(RolledBackException.class).hasRootCause(failure);
  }

  @Test
  void aCommitWhoseConnectionBreaksIsUnknown() throws Exception {
    start();
    app.stub.arm("Connection.commit()"::equals, Fault.breakBefore());

    assertNothingOfTheSuccess(app.get("/"));
    assertThat(app.stub.committed()).isEmpty();
    assertThat(app.unit.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.UNKNOWN);
    assertThat(app.thrown).hasCauseInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void aCommitWhoseAnswerIsLostIsUnknown() throws Exception {
    start();
    app.stub.arm("Connection.commit()"::equals, Fault.breakAfter());

    assertNothingOfTheSuccess(app.get("/"));
    assertThat(app.stub.committed()).containsExactly("a");
    assertThat(app.unit.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.UNKNOWN);
    assertThat(app.thrown).hasCauseInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void aDriverThatFailsInCommitLeavesTheOutcomeUnknown() throws Exception {
    IllegalStateException failure = new IllegalStateException("bug in the driver");
    start();
    app.stub.arm("Connection.commit()"::equals, Fault.throwBefore(() -> failure));

    assertNothingOfTheSuccess(app.get("/"));
    assertThat(app.unit.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.UNKNOWN);
    assertThat(app.thrown).hasRootCause(failure);
    assertThat(app.stub.connectionsClosed()).isEqualTo(1);
  }

  @Test
  void aCookieFromBeforeStaysThoughTheContainerBringsBackTheSession() throws Exception {
    start();
    app.stub.arm("Connection.commit()"::equals, Fault.breakBefore());

    Answer answer = app.get("/?session=new");

    assertNothingOfTheSuccess(answer);
    assertThat(answer.headers().get("Set-Cookie")).contains("entry=yes");
  }

  @Test
  void theNextRequestIsWell() throws Exception {
    start();
    app.stub.arm("Connection.commit()"::equals, Fault.breakBefore());

    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(app.get("/").status()).isEqualTo(201);
    assertThat(app.stub.committed()).containsExactly("a");
    app.assertNothingLeft();
  }
}
