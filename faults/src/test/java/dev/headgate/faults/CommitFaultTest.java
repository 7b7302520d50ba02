package dev.headgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each fault does to a COMMIT, between PostgreSQL's driver and a real server. */
class CommitFaultTest {

  private final Pause pause = new Pause();
  private ProxiedPostgres postgres;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws SQLException {
    postgres = new ProxiedPostgres();
    proxy = postgres.proxy();
  }

  @AfterEach
  void stop() throws SQLException {
    postgres.close();
  }

  @Test
  void withoutAFault_itPasses() throws SQLException {
    postgres.insert("a").commit();
    assertThat(postgres.isStored("a")).isTrue();
  }

  @Test
  void pauseBefore_holdsItBackFromTheServer() throws Exception {
    assertThat(pause.isReached()).isFalse();
    FutureTask<Void> commit = commitThatMeets(CommitFault.pauseBefore(pause));
    pause.awaitReached();
    assertThat(postgres.isStored("a")).isFalse();
    assertThat(commit.isDone()).isFalse();
    pause.resume();
    commit.get(30, TimeUnit.SECONDS);
    assertThat(postgres.isStored("a")).isTrue();
  }

  @Test
  void pauseAfter_holdsTheAnswerBackFromTheClient() throws Exception {
    FutureTask<Void> commit = commitThatMeets(CommitFault.pauseAfter(pause));
    pause.awaitReached();
    assertThat(postgres.isStored("a")).isTrue();
    assertThat(commit.isDone()).isFalse();
    pause.resume();
    commit.get(30, TimeUnit.SECONDS);
  }

  @Test
  void pauseAfter_aCommitThatFails_passesTheFailure() throws Exception {
    postgres.execute(
        "ALTER TABLE %s ADD UNIQUE (token) DEFERRABLE INITIALLY DEFERRED"
            .formatted(postgres.table()));
    postgres.insert("a").commit();
    FutureTask<Void> commit = commitThatMeets(CommitFault.pauseAfter(pause));
    pause.awaitReached();
    assertThat(commit.isDone()).isFalse();
    pause.resume();
    assertThatThrownBy(() -> commit.get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(SQLException.class)
        .hasMessageContaining("duplicate key");
  }

  @Test
  void pauseBefore_aClientThatHangsUp_isCommittedAllTheSame() throws Exception {
    FutureTask<Void> commit = commitThatMeets(CommitFault.pauseBefore(pause), "&socketTimeout=1");
    assertThatThrownBy(() -> commit.get(30, TimeUnit.SECONDS))
        .hasStackTraceContaining("SocketTimeoutException");
    assertThat(postgres.isStored("a")).isFalse();
    pause.resume();
    await().until(() -> postgres.isStored("a"));
    await().until(() -> postgres.sessions() == 0);
    await().until(() -> proxy.openConnections() == 0);
  }

  @Test
  void pauseBefore_andThenCut_losesTheCommit() throws Exception {
    FutureTask<Void> commit = commitThatMeets(CommitFault.pauseBefore(pause));
    pause.awaitReached();
    proxy.cutAll();
    pause.resume();
    assertBroken(() -> commit.get(30, TimeUnit.SECONDS));
    await().until(() -> postgres.sessions() == 0);
    assertThat(postgres.isStored("a")).isFalse();
  }

  @Test
  void pauseAfter_andThenCut_losesTheAnswer() throws Exception {
    FutureTask<Void> commit = commitThatMeets(CommitFault.pauseAfter(pause));
    pause.awaitReached();
    proxy.cutAll();
    pause.resume();
    assertBroken(() -> commit.get(30, TimeUnit.SECONDS));
    assertThat(postgres.isStored("a")).isTrue();
  }

  @Test
  void pauseBefore_forTooLong_losesTheCommit() throws Exception {
    FutureTask<Void> commit =
        commitThatMeets(CommitFault.pauseBefore(new Pause(Duration.ofMillis(1))));
    assertBroken(() -> commit.get(30, TimeUnit.SECONDS));
    await().until(() -> postgres.sessions() == 0);
    assertThat(postgres.isStored("a")).isFalse();
  }

  @Test
  void cutBefore_losesTheCommit() throws Exception {
    FutureTask<Void> commit = commitThatMeets(CommitFault.cutBefore());
    assertBroken(() -> commit.get(30, TimeUnit.SECONDS));
    await().until(() -> postgres.sessions() == 0);
    assertThat(postgres.isStored("a")).isFalse();
    await().until(() -> proxy.openConnections() == 0);
  }

  @Test
  void cutAfter_losesOnlyTheAnswer() throws Exception {
    FutureTask<Void> commit = commitThatMeets(CommitFault.cutAfter());
    assertBroken(() -> commit.get(30, TimeUnit.SECONDS));
    assertThat(postgres.isStored("a")).isTrue();
    await().until(() -> proxy.openConnections() == 0);
  }

  @Test
  void hangBefore_staysSilent_andIsRolledBackWhenTheClientHangsUp() throws Exception {
    FutureTask<Void> commit = commitThatMeets(CommitFault.hangBefore(), "&socketTimeout=1");
    assertThatThrownBy(() -> commit.get(30, TimeUnit.SECONDS))
        .hasStackTraceContaining("SocketTimeoutException");
    await().until(() -> postgres.sessions() == 0);
    assertThat(postgres.isStored("a")).isFalse();
    await().until(() -> proxy.openConnections() == 0);
  }

  @Test
  void hangAfter_staysSilent_andIsStored() throws Exception {
    FutureTask<Void> commit = commitThatMeets(CommitFault.hangAfter(), "&socketTimeout=1");
    assertThatThrownBy(() -> commit.get(30, TimeUnit.SECONDS))
        .hasStackTraceContaining("SocketTimeoutException");
    assertThat(postgres.isStored("a")).isTrue();
    await().until(() -> proxy.openConnections() == 0);
  }

  @Test
  void hangBefore_outlivesTheServersSession() throws Exception {
    FutureTask<Void> commit = commitThatMeets(CommitFault.hangBefore());
    await().until(() -> proxy.commitsSeen() == 1);
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '%s'"
            .formatted(postgres.table()));
    await().until(() -> !ProxiedPostgres.threads(proxy).contains("connection 1, server"));
    assertThat(commit.isDone()).isFalse();
    assertThat(proxy.openConnections()).isEqualTo(1);
  }

  @Test
  void next_meetsOneCommit_andTheOneAfterItPasses() throws Exception {
    FutureTask<Void> commit = commitThatMeets(CommitFault.cutBefore());
    assertBroken(() -> commit.get(30, TimeUnit.SECONDS));
    postgres.insert("b").commit();
    assertThat(postgres.isStored("b")).isTrue();
  }

  @Test
  void whatWasResumed_holdsNothingUp() throws Exception {
    pause.resume();
    FutureTask<Void> commit = commitThatMeets(CommitFault.pauseBefore(pause));
    commit.get(30, TimeUnit.SECONDS);
    assertThat(pause.isReached()).isTrue();
  }

  @Test
  void theFaultsAreAsked_withTheNumbersOfCommitAndConnection() throws SQLException {
    List<Commit> asked = new CopyOnWriteArrayList<>();
    proxy.onCommit(
        commit -> {
          asked.add(commit);
          return CommitFault.none();
        });
    postgres.insert("a").commit();
    postgres.insert("b").commit();
    assertThat(asked).containsExactly(new Commit(1, 1), new Commit(2, 2));
  }

  @Test
  void faultsThatThrow_cutTheConnection_andAreReportedAtTheEnd() throws Exception {
    proxy.onCommit(
        commit -> {
          throw new IllegalArgumentException("a mistake in a test");
        });
    assertBroken(postgres.insert("a")::commit);
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(proxy::close)
        .withRootCauseInstanceOf(IllegalArgumentException.class)
        .withMessageContaining("a mistake in a test");
  }

  private FutureTask<Void> commitThatMeets(CommitFault fault) throws SQLException {
    return commitThatMeets(fault, "");
  }

  private FutureTask<Void> commitThatMeets(CommitFault fault, String parameters)
      throws SQLException {
    Connection connection = postgres.connect(parameters);
    connection.setAutoCommit(false);
    postgres.insert(connection, "a");
    proxy.onCommit(CommitFaults.next(fault));
    return ProxiedPostgres.commit(connection);
  }

  private static void assertBroken(ThrowingCallable commit) {
    assertThatThrownBy(commit).hasStackTraceContaining("An I/O error occurred");
  }
}
