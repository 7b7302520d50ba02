package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client hears of a failure is what became of the note. */
abstract class FailuresContract {

  private static final String ACME = "acme.localhost";
  private static final String GLOBEX = "globex.localhost";

  abstract Notebook notebook();

  /** Returns where acme's notes are; globex's are in H2. */
  abstract Storage storage();

  private Storage storage(String host) {
    return host.equals(ACME) ? storage() : Storage.H2;
  }

  @AfterEach
  void theNextNoteOfEachTenantIsStored() throws IOException {
    for (String host : List.of(ACME, GLOBEX)) {
      List<Note> before = notebook().notes(host);
      Note note = notebook().store(host, "the next one");
      assertThat(notebook().notes(host)).startsWith(before.toArray(new Note[0])).endsWith(note);
      assertThat(notebook().notes(host)).hasSize(before.size() + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ACME, GLOBEX})
  void anExceptionAfterTheInsertRollsItBack(String host) throws IOException {
    List<Note> before = notebook().notes(host);
    Answer answer = notebook().add(host, "/notes?fail=after-insert", "after-insert");
    assertFailed(answer, 500);
    assertThat(notebook().notes(host)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {ACME, GLOBEX})
  void anErrorStatusAfterTheInsertRollsItBack(String host) throws IOException {
    List<Note> before = notebook().notes(host);
    Answer answer = notebook().add(host, "/notes?fail=status", "status");
    assertFailed(answer, 503);
    assertThat(notebook().notes(host)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {ACME, GLOBEX})
  void aSwallowedFailureThatDestroysTheTransactionIsNoSuccess(String host) throws IOException {
    List<Note> before = notebook().notes(host);
    Answer answer = notebook().add(host, "/notes?fail=swallow", "swallow");
    if (storage(host) == Storage.POSTGRESQL) {
      assertFailed(answer, 500);
      assertThat(notebook().notes(host)).isEqualTo(before);
    } else {
      assertThat(answer.status()).as("%s", answer).isEqualTo(303);
      assertThat(answer.header("Location")).isNotNull();
      assertThat(notebook().notes(host)).hasSize(before.size() + 1);
      assertThat(notebook().texts(host)).endsWith("swallow");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ACME, GLOBEX})
  void aCommitThatFailsIsNoSuccess(String host) throws IOException {
    List<Note> before = notebook().notes(host);
    Answer answer = notebook().add(host, "/notes?fail=commit", "commit");
    if (storage(host) == Storage.POSTGRESQL) {
      assertFailed(answer, 500);
    } else {
      assertFailed(answer, 400);
      assertThat(answer.text()).contains("H2");
    }
    assertThat(notebook().notes(host)).isEqualTo(before);
  }

  private static void assertFailed(Answer answer, int status) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.header("Location")).isNull();
    assertThat(answer.toString()).doesNotContain(Postgres.PASSWORD);
  }

  @Test
  void manyFailuresInARowLeaveEveryConnectionClean() throws IOException {
    // More than a pool has connections.
    List<Note> before = notebook().notes(ACME);
    for (int i = 0; i < 12; i++) {
      for (String fail : List.of("after-insert", "status", "commit")) {
        assertThat(notebook().add(ACME, "/notes?fail=" + fail, fail).status()).isNotEqualTo(303);
      }
    }
    assertThat(notebook().notes(ACME)).isEqualTo(before);
  }
}
