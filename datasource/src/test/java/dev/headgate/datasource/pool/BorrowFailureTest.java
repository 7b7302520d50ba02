package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** P6: what a borrower learns who gets no connection. */
@Timeout(60)
final class BorrowFailureTest {

  /** Longer than what was opened is lent without a look at it. */
  private static final long UNCHECKED_NANOS = TimeUnit.MILLISECONDS.toNanos(600);

  private final StubPools pools =
      new StubPools(
          PoolRegistry.builder()
              .closeTimeout(Duration.ofMillis(100))
              .settings(
                  PoolSettings.defaults()
                      .withMaximumSize(1)
                      .withBorrowTimeout(Duration.ofSeconds(2))));
  private final StubDatabase stub = pools.stub("a");
  private Lease lease;

  @BeforeEach
  void leaseAPool() throws SQLException {
    lease = pools.lease("a");
  }

  @AfterEach
  void close() {
    lease.close();
    pools.close();
  }

  @Test
  void allBusy_isTransient() throws SQLException {
    try (Connection held = lease.getConnection()) {
      assertThatThrownBy(lease::getConnection)
          .isInstanceOf(DatabaseUnavailableException.class)
          .isInstanceOf(SQLTransientConnectionException.class);
    }
  }

  @Test
  void allBusy_messageHasPoolNumbersAndTheNextStep() throws SQLException {
    try (Connection held = lease.getConnection()) {
      assertThatThrownBy(lease::getConnection)
          .hasMessageMatching(
              Pattern.quote(
                      "no connection to %s became free: raise the pool's size or hold connections shorter"
                          .formatted(stub.url()))
                  + " \\(waited \\d+ ms; pool %s, active 1 of at most 1, idle 0, waiting 0\\)"
                      .formatted(pools.pool("a").name()));
    }
  }

  @Test
  void allBusy_thenOneFree_isLent() throws SQLException {
    try (Connection held = lease.getConnection()) {
      assertThatThrownBy(lease::getConnection).isInstanceOf(DatabaseUnavailableException.class);
    }
    lease.getConnection().close();
    assertThat(stub.connectionsMade()).isEqualTo(1);
  }

  @Test
  void connectTakesTooLong_messageSaysSoAndNotThatThePoolIsTooSmall() {
    CountDownLatch answer = new CountDownLatch(1);
    stub.arm(call -> call.startsWith("Driver.connect"), Fault.blockBefore(answer));
    assertThatThrownBy(lease::getConnection)
        .isInstanceOf(DatabaseUnavailableException.class)
        .hasMessageStartingWith("no connection to %s was made in time: ".formatted(stub.url()));
    answer.countDown();
  }

  /** It lies there until somebody asks for it, who looks at it first. */
  @Test
  void connectCameTooLate_andTheLookAtItThrows_itsPlaceIsNotLost() throws SQLException {
    CountDownLatch answer = new CountDownLatch(1);
    stub.arm(call -> call.startsWith("Driver.connect"), Fault.blockBefore(answer));
    assertThatThrownBy(lease::getConnection).isInstanceOf(DatabaseUnavailableException.class);
    answer.countDown();
    await().until(() -> pools.pool("a").idle() == 1);
    long since = System.nanoTime();
    await().until(() -> System.nanoTime() - since > UNCHECKED_NANOS);
    stub.arm(
        call -> call.contains("isValid"),
        Fault.throwBefore(() -> new IllegalStateException("the driver is broken")));
    lease.getConnection().close();
    assertThat(stub.connectionsClosed()).isEqualTo(1);
  }

  @Test
  void connectIsRefused_isTransientAndKeepsTheSqlState() {
    refuse(() -> new SQLException("no route", "08001"));
    assertThatThrownBy(lease::getConnection)
        .isInstanceOf(DatabaseUnavailableException.class)
        .extracting(failure -> ((SQLException) failure).getSQLState())
        .isEqualTo("08001");
  }

  @Test
  void connectIsRefused_messageSaysWhyAndWhere() {
    refuse(() -> new SQLException("no route", "08001"));
    assertThatThrownBy(lease::getConnection)
        .hasMessageMatching(
            Pattern.quote("could not connect to %s: no route".formatted(stub.url()))
                + " \\(waited \\d+ ms; "
                + Pattern.quote(
                    "pool %s, active 0 of at most 1, idle 0, waiting 0)"
                        .formatted(pools.pool("a").name())));
  }

  @Test
  void connectIsRefused_failureIsInTheCauseChain() {
    SQLException refused = new SQLException("no route", "08001");
    refuse(() -> refused);
    assertThatThrownBy(lease::getConnection).hasRootCause(refused);
  }

  @Test
  void connectThrowsAnError_messageSaysWhy() {
    refuse(() -> new AssertionError("the driver has a bug"));
    assertThatThrownBy(lease::getConnection)
        .isInstanceOf(DatabaseUnavailableException.class)
        .hasMessageContaining("the driver has a bug");
  }

  @Test
  void connectThrowsWithoutAMessage_messageNamesTheType() {
    refuse(IllegalStateException::new);
    assertThatThrownBy(lease::getConnection)
        .hasMessageContaining("java.lang.IllegalStateException")
        .hasMessageNotContaining("null");
  }

  @Test
  void settingUpFails_messageSaysWhy() {
    stub.arm("Connection.setAutoCommit(false)"::equals, Fault.throwBefore(failure("not today")))
        .always();
    assertThatThrownBy(lease::getConnection)
        .isInstanceOf(DatabaseUnavailableException.class)
        .hasMessageContaining("not today");
  }

  @Test
  void settingUpFails_theConnectionIsClosed() {
    stub.arm("Connection.setAutoCommit(false)"::equals, Fault.throwBefore(failure("not today")))
        .always();
    assertThatThrownBy(lease::getConnection).isInstanceOf(DatabaseUnavailableException.class);
    stub.disarmAll();
    pools.registry.close();
    assertThat(stub.openConnections()).isZero();
  }

  @Test
  void connectIsRefused_thenNotAnyMore_isLent() throws SQLException {
    refuse(failure("down"));
    assertThatThrownBy(lease::getConnection).isInstanceOf(DatabaseUnavailableException.class);
    stub.disarmAll();
    lease.getConnection().close();
    assertThat(stub.connectionsMade()).isEqualTo(1);
  }

  @Test
  void interrupted_keepsTheInterrupt() throws SQLException {
    try (Connection held = lease.getConnection()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(lease::getConnection).isInstanceOf(SQLException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static Supplier<Throwable> failure(String message) {
    return () -> new SQLException(message);
  }

  private void refuse(Supplier<? extends Throwable> failure) {
    stub.arm(call -> call.startsWith("Driver.connect"), Fault.throwBefore(failure)).always();
  }
}
