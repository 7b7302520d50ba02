package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.Fault;
import java.net.ConnectException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What failure gates must not do to those whose database is well. */
@Timeout(60)
final class GateCornerCasesTest {

  /** Longer than what HikariCP lends without a look at it. */
  private static final long AGED_NANOS = TimeUnit.MILLISECONDS.toNanos(600);

  /** Longer than a connection takes to say that it is broken. */
  private static final long SILENT_MILLIS = 300;

  private final StubPools pools =
      new StubPools(
          PoolRegistry.builder()
              .maximumPools(3)
              .budget("s", 10)
              .closeTimeout(Duration.ofMillis(100))
              .longestRetryInterval(Duration.ofSeconds(5))
              .settings(
                  PoolSettings.defaults()
                      .withMaximumSize(1)
                      .withBorrowTimeout(Duration.ofSeconds(30))),
          "s");
  private final ExecutorService others = Executors.newCachedThreadPool();
  private final AtomicInteger attempts = new AtomicInteger();

  @AfterEach
  void close() {
    others.shutdownNow();
    pools.close();
  }

  private Connection borrow(String name) throws SQLException {
    return pools.registry.borrow(pools.database(name), name, null, null);
  }

  private @Nullable Void use(String name) throws SQLException {
    borrow(name).close();
    return null;
  }

  private void failToBorrow(String name) {
    assertThat(catchThrowable(() -> use(name))).isInstanceOf(DatabaseUnavailableException.class);
  }

  private void refuse(String name) {
    pools
        .stub(name)
        .arm(
            call -> call.startsWith("Driver.connect"),
            Fault.throwBefore(
                () -> {
                  attempts.incrementAndGet();
                  return new SQLException("no route", "08001", new ConnectException("refused"));
                }))
        .always();
  }

  private void useAndAge(String name) throws SQLException {
    use(name);
    long since = System.nanoTime();
    await().until(() -> System.nanoTime() - since > AGED_NANOS);
  }

  private void silence(String name) {
    CountDownLatch never = new CountDownLatch(1);
    pools
        .stub(name)
        .arm(
            call -> call.contains("isValid"),
            Fault.throwBefore(
                () -> {
                  try {
                    assertThat(never.await(SILENT_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  return new SQLException("silent", "08006");
                }));
  }

  @Test
  void idleConnectionIsSilent_whoFindsThatGetsANewOne() throws SQLException {
    useAndAge("a");
    silence("a");
    use("a");
    assertThat(pools.stub("a").connectionsMade()).isEqualTo(2);
  }

  @Test
  void idleConnectionIsSilent_othersOnTheServerAreNotTurnedAway() throws Exception {
    useAndAge("a");
    silence("a");
    CountDownLatch connect = new CountDownLatch(1);
    pools.stub("a").arm(call -> call.startsWith("Driver.connect"), Fault.blockBefore(connect));
    Future<?> unused = others.submit(() -> catchThrowable(() -> use("a")));
    await().until(() -> pools.stub("a").connectionsClosed() == 1);
    Throwable failure = null;
    for (int i = 0; i < 20 && failure == null; i++) {
      String name = "b" + i;
      failure = catchThrowable(() -> use(name));
    }
    connect.countDown();
    assertThat(failure).isNull();
  }

  @Test
  void idleConnectionsAreDead_whileTheServerIsKnownToBeDown_noneIsReplacedPastTheGate()
      throws SQLException {
    useAndAge("a");
    refuse("a");
    refuse("b");
    // Then it is longer until the next attempt than HikariCP waits for a connection.
    await()
        .until(
            () -> {
              failToBorrow("b");
              return attempts.get() == 3;
            });
    pools
        .stub("a")
        .arm(
            call -> call.contains("isValid"),
            Fault.throwBefore(() -> new SQLException("broken", "08006")))
        .always();
    failToBorrow("a");
    assertThat(attempts.get()).isEqualTo(3);
  }

  @Test
  void poolThatIsFull_findsOutForAllWhetherTheServerIsThere() throws Exception {
    Connection held = borrow("a");
    refuse("b");
    failToBorrow("b");
    Future<?> waiting = others.submit(() -> use("a"));
    await().until(() -> pools.stub("a").connectionsClosed() == 1);
    // It did not connect for the one who waits, who is not turned away, either.
    assertThat(pools.pool("a").waiting()).isOne();
    use("c");
    assertThat(attempts.get()).isOne();
    held.close();
    waiting.get(20, TimeUnit.SECONDS);
    assertThat(pools.stub("a").connectionsMade()).isEqualTo(2);
    assertThat(openOnServer()).isEqualTo(2);
  }

  @Test
  void drainingPoolOfAServerThatIsDown_isNotRevivedAtTheCostOfAnother() throws SQLException {
    CountDownLatch connect = new CountDownLatch(1);
    try (Connection held = borrow("a")) {
      pools.registry.retire(pools.database("a"));
      pools.use("b", "c", "d");
      refuse("b");
      failToBorrow("b");
      pools.stub("b").disarmAll();
      pools.stub("b").arm(call -> call.startsWith("Driver.connect"), Fault.blockBefore(connect));
      failToBorrow("b");
      failToBorrow("a");
      assertThat(pools.in(PoolPhase.OPEN)).containsExactly("b", "c", "d");
      assertThat(held.isClosed()).isFalse();
    } finally {
      connect.countDown();
    }
  }

  private int openOnServer() {
    return pools.registry.snapshot().servers().get(0).open();
  }

  @Test
  void connectionHasFailedInUse_nobodyConnectsAfterTheEndToTestTheServer() throws SQLException {
    Connection held = borrow("a");
    pools.stub("a").arm(call -> call.contains("INSERT"), Fault.breakBefore());
    assertThat(catchThrowable(() -> insert(held))).isInstanceOf(SQLException.class);
    pools.registry.close();
    await().until(() -> pools.stub("a").connectionsClosed() == 1);
    held.close();
    assertThat(pools.stub("a").connectionsMade()).isEqualTo(1);
  }

  @Test
  void serverWasTested_thePlaceForThatIsFreeAgain() throws SQLException {
    try (Connection broken = borrow("a")) {
      pools.stub("a").arm(call -> call.contains("INSERT"), Fault.breakBefore());
      assertThat(catchThrowable(() -> insert(broken))).isInstanceOf(SQLException.class);
    }
    await().until(() -> pools.stub("a").connectionsClosed() == 2);
    await().until(() -> openOnServer() == 0);
  }

  private static void insert(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT token");
    }
  }
}
