package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** P4 where something goes wrong at the same time: no seat and no place is lost. */
@Timeout(60)
final class BudgetCornerCasesTest {

  private static final int BUDGET = 2;

  private final ExecutorService others = Executors.newCachedThreadPool();
  private final StubPools pools =
      new StubPools(
          PoolRegistry.builder()
              .budget("s", BUDGET)
              .maximumPools(3)
              .closeTimeout(Duration.ofMillis(100))
              .longestRetryInterval(Duration.ofMillis(1))
              .settings(
                  PoolSettings.defaults()
                      .withMaximumSize(BUDGET)
                      .withBorrowTimeout(Duration.ofSeconds(10))),
          "s");
  private StubDatabase stub;
  private Lease lease;

  @BeforeEach
  void lease() throws SQLException {
    stub = pools.stub("a");
    lease = pools.lease("a");
  }

  @AfterEach
  void close() {
    others.shutdownNow();
    lease.close();
    pools.close();
  }

  /** Has all connections at once that there may be, which who has lost a place can't. */
  private void requireAllPlaces() throws SQLException {
    try (Connection one = lease.getConnection();
        Connection two = lease.getConnection()) {
      assertThat(pools.registry.snapshot().servers().get(0).open()).isEqualTo(BUDGET);
    }
  }

  @Test
  void aConnectionThatIsBeingDestroyed_isNoReasonToRefuseTheNext() throws SQLException {
    Borrower borrower = Borrower.keepingAll();
    try (Connection kept = lease.getConnection(borrower)) {
      for (int i = 0; i < 20; i++) {
        lease.discard(lease.getConnection(borrower));
      }
    }
  }

  @Test
  void interruptedWhileTheConnectFails_noSeatIsGivenBackForIt() throws Exception {
    AtomicReference<Thread> borrower = new AtomicReference<>();
    stub.arm(
            call -> call.startsWith("Driver.connect"),
            Fault.throwBefore(
                () -> {
                  borrower.get().interrupt();
                  return new SQLException("down");
                }))
        .always();
    for (int i = 0; i < 20; i++) {
      others
          .submit(
              () -> {
                borrower.set(Thread.currentThread());
                assertThatThrownBy(lease::getConnection)
                    .isInstanceOf(DatabaseUnavailableException.class);
              })
          .get(20, TimeUnit.SECONDS);
    }
    stub.disarmAll();
    // The failure gate lets one through who tries, every millisecond.
    await().ignoreExceptions().untilAsserted(() -> lease.getConnection().close());
    requireAllPlaces();
  }

  @Test
  void returningFails_theSeatGoesWithTheConnection() throws SQLException {
    Connection connection = lease.getConnection();
    connection.createStatement();
    stub.arm(
            call -> call.startsWith("Statement.close"),
            Fault.throwBefore(() -> new IllegalStateException("the driver has a bug")))
        .always();
    assertThatThrownBy(connection::close).isInstanceOf(IllegalStateException.class);
    stub.disarmAll();
    requireAllPlaces();
  }

  @Test
  void closingTheDisplacedOneThrowsAnError_thePlaceIsTakenAllTheSame() throws SQLException {
    requireAllPlaces();
    stub.arm(
            call -> call.startsWith("Connection.close"),
            Fault.throwAfter(() -> new NoClassDefFoundError("the driver was unloaded")))
        .always();
    try (Lease other = pools.lease("b");
        Connection one = other.getConnection();
        Connection two = other.getConnection()) {
      assertThat(pools.stub("b").openConnections()).isEqualTo(2);
    }
  }

  @Test
  void aPoolThatIsTooLarge_evictsNoOther() throws SQLException {
    pools.use("b", "c");
    Database large =
        Database.builder(pools.stub("d").url())
            .server("s")
            .pool(PoolSettings.defaults().withMaximumSize(BUDGET + 1))
            .build();
    assertThatThrownBy(() -> pools.registry.lease(large)).isInstanceOf(PoolTooLargeException.class);
    assertThat(pools.in(PoolPhase.OPEN)).containsExactly("a", "b", "c");
  }
}
