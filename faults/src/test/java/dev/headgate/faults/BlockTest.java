package dev.headgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockTest {

  private final StubDatabase database = StubDatabase.create("block");
  private final CountDownLatch release = new CountDownLatch(1);
  private Connection connection;

  @BeforeEach
  void insert() throws SQLException {
    connection = DriverManager.getConnection(database.url());
    connection.setAutoCommit(false);
    connection.createStatement().executeUpdate("INSERT a");
  }

  @AfterEach
  void close() {
    release.countDown();
    database.close();
  }

  @Test
  void blockBefore_holdsTheCallBackFromItsEffect() throws Exception {
    ArmedFault armed = database.arm("Connection.commit()"::equals, Fault.blockBefore(release));
    FutureTask<Boolean> commit = start(this::commit);
    armed.awaitFired();
    assertThat(database.committed()).isEmpty();
    release.countDown();
    commit.get(30, TimeUnit.SECONDS);
    assertThat(database.committed()).containsExactly("a");
  }

  @Test
  void blockAfter_holdsTheAnswerBack() throws Exception {
    ArmedFault armed = database.arm("Connection.commit()"::equals, Fault.blockAfter(release));
    FutureTask<Boolean> commit = start(this::commit);
    armed.awaitFired();
    assertThat(database.committed()).containsExactly("a");
    assertThat(commit.isDone()).isFalse();
    release.countDown();
    commit.get(30, TimeUnit.SECONDS);
  }

  @Test
  void blocked_holdsNoLock() throws Exception {
    ArmedFault armed = database.arm("Connection.commit()"::equals, Fault.blockBefore(release));
    FutureTask<Boolean> commit = start(this::commit);
    armed.awaitFired();
    try (Connection other = DriverManager.getConnection(database.url())) {
      other.createStatement().executeUpdate("INSERT b");
    }
    release.countDown();
    commit.get(30, TimeUnit.SECONDS);
    assertThat(database.committed()).containsExactly("b", "a");
  }

  @Test
  void blocked_andAbortedMeanwhile_failsAsClosed() throws Exception {
    ArmedFault armed = database.arm("Connection.commit()"::equals, Fault.blockBefore(release));
    FutureTask<Boolean> commit = start(this::commit);
    armed.awaitFired();
    connection.abort(Runnable::run);
    release.countDown();
    assertThatThrownBy(() -> commit.get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(SQLException.class)
        .hasMessageContaining("closed");
    assertThat(database.committed()).isEmpty();
  }

  @Test
  void blocked_isNotWokenByAnInterruptButKeepsIt() throws Exception {
    ArmedFault armed = database.arm("Connection.commit()"::equals, Fault.blockBefore(release));
    FutureTask<Boolean> interruptedAfterCommit =
        start(
            () -> {
              Thread.currentThread().interrupt();
              commit();
              return Thread.currentThread().isInterrupted();
            });
    armed.awaitFired();
    release.countDown();
    assertThat(interruptedAfterCommit.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(database.committed()).containsExactly("a");
  }

  @Test
  void blocked_forTooLong_failsTheTest() {
    database.armAt(0, Fault.blockBefore(release, Duration.ofMillis(1)));
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(connection::commit)
        .withMessageContaining("1 ms");
    assertThat(database.committed()).isEmpty();
  }

  @Test
  void blockThenThrow_hangsAndThenFails() throws Exception {
    ArmedFault armed = database.arm("Connection.commit()"::equals, Fault.blockBefore(release));
    Fault failing = Fault.throwBefore(() -> new SQLException("timed out"));
    database.arm("Connection.commit()"::equals, failing);
    FutureTask<Boolean> commit = start(this::commit);
    armed.awaitFired();
    release.countDown();
    assertThatThrownBy(() -> commit.get(30, TimeUnit.SECONDS)).hasRootCauseMessage("timed out");
  }

  private boolean commit() throws SQLException {
    connection.commit();
    return true;
  }

  private static FutureTask<Boolean> start(Callable<Boolean> work) {
    FutureTask<Boolean> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "blocked client");
    thread.setDaemon(true);
    thread.start();
    return task;
  }
}
