package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A database that can't be connected to is tried by one at a time, and costs the others nothing.
 */
@Timeout(60)
final class GateTest {

  private static final int BORROWS = 300;

  /** The shortest time between two attempts, with a quarter off. */
  private static final long LEAST_INTERVAL_MILLIS = 187;

  private static final Duration LONG = Duration.ofSeconds(30);

  private final StubPools pools =
      new StubPools(
          PoolRegistry.builder()
              .maximumPools(3)
              .budget("s", 10)
              .closeTimeout(Duration.ofMillis(100))
              .longestRetryInterval(Duration.ofMillis(250))
              .settings(
                  PoolSettings.defaults()
                      .withMaximumSize(1)
                      .withWaitingPerConnection(2)
                      .withBorrowTimeout(LONG)),
          "s");
  private final ExecutorService others = Executors.newCachedThreadPool();
  private final AtomicInteger attempts = new AtomicInteger();

  @AfterEach
  void close() {
    others.shutdownNow();
    pools.close();
  }

  private void refuse(String name, Supplier<SQLException> failure) {
    pools
        .stub(name)
        .arm(
            call -> call.startsWith("Driver.connect"),
            Fault.throwBefore(
                () -> {
                  attempts.incrementAndGet();
                  return failure.get();
                }))
        .always();
  }

  private static SQLException unreachable() {
    return new SQLException("no route", "08001", new ConnectException("refused"));
  }

  private static SQLException noAnswer() {
    return new SQLException("silent", "08001", new SocketTimeoutException("Read timed out"));
  }

  private static SQLException wrongPassword() {
    return new SQLException("wrong password", "28P01");
  }

  private Connection borrow(String name) throws SQLException {
    return pools.registry.borrow(pools.database(name), name, null, null);
  }

  private @Nullable Void use(String name) throws SQLException {
    borrow(name).close();
    return null;
  }

  private Throwable failToBorrow(String name) {
    Throwable failure = catchThrowable(() -> borrow(name).close());
    assertThat(failure).isInstanceOf(DatabaseUnavailableException.class);
    return failure;
  }

  /** Returns how many attempts there may be at most in the time since then. */
  private static long atMostSince(long start) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    // One that opens the gate, the one that is made at once, and those at intervals.
    return 3 + millis / LEAST_INTERVAL_MILLIS;
  }

  @Test
  void serverIsDown_oneTriesForAllItsTenants() {
    for (String name : new String[] {"a", "b", "c"}) {
      refuse(name, GateTest::unreachable);
    }
    long start = System.nanoTime();
    for (int i = 0; i < BORROWS; i++) {
      failToBorrow("abc".substring(i % 3, i % 3 + 1));
    }
    assertThat((long) attempts.get()).isBetween(2L, atMostSince(start));
  }

  @Test
  void whoIsTurnedAway_hearsWhyAndWhenToComeBack() {
    refuse("a", GateTest::unreachable);
    failToBorrow("a");
    failToBorrow("a");
    Throwable refused = failToBorrow("a");
    assertThat(refused)
        .hasMessageContaining(pools.stub("a").url() + " can't be connected to")
        .hasMessageContaining("SQLSTATE 08001")
        // It is the driver's text about one tenant, and all of the server hear of it.
        .hasMessageNotContaining("no route");
    DatabaseUnavailableException unavailable = (DatabaseUnavailableException) refused;
    assertThat(unavailable.getSQLState()).isEqualTo("08001");
    assertThat(unavailable.retryAfter()).isPresent();
  }

  @Test
  void serverIsBack_itIsFoundWithoutARestart() throws SQLException {
    refuse("a", GateTest::unreachable);
    failToBorrow("a");
    failToBorrow("a");
    pools.stub("a").disarmAll();
    await().ignoreExceptions().untilAsserted(() -> borrow("a").close());
    borrow("b").close();
  }

  @Test
  void oneFailure_costsTheNextOneNothing() throws SQLException {
    pools
        .stub("a")
        .arm(call -> call.startsWith("Driver.connect"), Fault.throwBefore(GateTest::unreachable));
    failToBorrow("a");
    borrow("a").close();
  }

  @Test
  void wrongPassword_isOnesOwnTrouble() throws SQLException {
    refuse("a", GateTest::wrongPassword);
    long start = System.nanoTime();
    for (int i = 0; i < BORROWS; i++) {
      assertThat(failToBorrow("a")).hasMessageContaining("wrong password");
    }
    assertThat((long) attempts.get()).isBetween(2L, atMostSince(start));
    borrow("b").close();
    borrow("c").close();
  }

  @Test
  void wrongPassword_showsThatTheServerIsThere() throws SQLException {
    refuse("a", GateTest::unreachable);
    failToBorrow("a");
    pools.stub("a").disarmAll();
    refuse("a", GateTest::wrongPassword);
    assertThat(failToBorrow("a")).hasMessageContaining("wrong password");
    borrow("b").close();
  }

  @Test
  void onePoolFindsTheServerFull_thatMayBeItsOwnLimit() throws SQLException {
    refuse("a", () -> new SQLException("too many", "53300"));
    failToBorrow("a");
    failToBorrow("a");
    borrow("b").close();
  }

  /** Its database hangs behind a proxy that is the server of others, too. */
  @Test
  void onePoolGetsNoAnswer_howeverOftenItTries_othersConnect() throws SQLException {
    refuse("a", GateTest::noAnswer);
    for (int i = 0; i < 20; i++) {
      failToBorrow("a");
      borrow("healthy-" + i).close();
    }
  }

  @Test
  void twoPoolsFindTheServerFull_thatIsBelieved() {
    assertTwoAreBelieved(() -> new SQLException("too many", "53300"), "SQLSTATE 53300");
  }

  @Test
  void twoPoolsGetNoAnswer_thatIsBelieved() {
    assertTwoAreBelieved(GateTest::noAnswer, "SQLSTATE 08001");
  }

  private void assertTwoAreBelieved(Supplier<SQLException> failure, String why) {
    for (String name : new String[] {"a", "b", "c"}) {
      refuse(name, failure);
    }
    failToBorrow("a");
    failToBorrow("b");
    assertServerIsTakenForDown("c", why);
  }

  /** Someone whose pool could connect is turned away, after one who can't has tried it. */
  private void assertServerIsTakenForDown(String whoTries, String why) {
    AtomicInteger number = new AtomicInteger();
    await()
        .untilAsserted(
            () -> {
              failToBorrow(whoTries);
              assertThat(failToBorrow("healthy-" + number.incrementAndGet()))
                  .hasMessageContaining(why);
            });
  }

  @Test
  void idleConnection_isLentAlthoughNobodyMayConnect() throws SQLException {
    borrow("a").close();
    refuse("b", GateTest::unreachable);
    failToBorrow("b");
    failToBorrow("b");
    borrow("a").close();
    assertThat(pools.stub("a").connectionsMade()).isEqualTo(1);
  }

  @Test
  void gate_outlivesItsPool_andNoOtherHasToGoForIt() throws SQLException {
    refuse("a", GateTest::wrongPassword);
    failToBorrow("a");
    failToBorrow("a");
    pools.registry.retire(pools.database("a"));
    pools.use("b", "c", "d");
    long before = pools.registry.snapshot().totals().made();
    int tried = attempts.get();
    long start = System.nanoTime();
    for (int i = 0; i < BORROWS; i++) {
      failToBorrow("a");
    }
    long most = atMostSince(start) - 2;
    assertThat((long) attempts.get() - tried).isLessThanOrEqualTo(most);
    assertThat(pools.registry.snapshot().totals().made() - before).isLessThanOrEqualTo(most);
  }

  private int connecting() {
    return pools.registry.snapshot().servers().get(0).open();
  }

  @Test
  void connectFails_whoWaitedForItsConnectionDoesNotTryTheSame() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    StubDatabase stub = pools.stub("a");
    stub.arm(
            call -> call.startsWith("Driver.connect"),
            Fault.throwBefore(
                () -> {
                  attempts.incrementAndGet();
                  try {
                    assertThat(answer.await(30, TimeUnit.SECONDS)).isTrue();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  return unreachable();
                }))
        .always();
    Future<?> first = others.submit(() -> use("a"));
    await().until(() -> connecting() == 1);
    Future<?> second = others.submit(() -> use("a"));
    await().until(() -> pools.pool("a").waiting() == 1);
    answer.countDown();
    assertFails(first);
    assertFails(second);
    assertThat(attempts.get()).isEqualTo(1);
  }

  private static void assertFails(Future<?> borrowing) {
    assertThatThrownBy(() -> borrowing.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(DatabaseUnavailableException.class);
  }

  @Test
  void noMoreThanSoManyWait_theNextIsRefusedAtOnce() throws Exception {
    try (Connection held = borrow("a")) {
      Future<?> one = others.submit(() -> use("a"));
      Future<?> two = others.submit(() -> use("a"));
      await().until(() -> pools.pool("a").waiting() == 2);
      assertThat(failToBorrow("a"))
          .hasMessageContaining("no more than 2 threads may wait")
          .hasMessageContaining("raise the pool's size");
      borrow("b").close();
      held.close();
      one.get(20, TimeUnit.SECONDS);
      two.get(20, TimeUnit.SECONDS);
    }
    borrow("a").close();
  }

  @Test
  void asManyAsMayWaitForOnePool_areNoneOfAnothers() throws Exception {
    try (Connection held = borrow("a");
        Connection other = borrow("b")) {
      Future<?> one = others.submit(() -> use("a"));
      Future<?> two = others.submit(() -> use("a"));
      await().until(() -> pools.pool("a").waiting() == 2);
      Future<?> three = others.submit(() -> use("b"));
      await().until(() -> pools.pool("b").waiting() == 1);
      held.close();
      other.close();
      one.get(20, TimeUnit.SECONDS);
      two.get(20, TimeUnit.SECONDS);
      three.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void connectionFailsInUse_theServerIsAskedOnce_andNobodyIsTurnedAway() throws SQLException {
    StubDatabase stub = pools.stub("a");
    breakInUse(stub);
    await().until(() -> stub.connectionsMade() == 2 && stub.connectionsClosed() == 2);
    borrow("a").close();
    borrow("b").close();
  }

  @Test
  void connectionFailsInUse_andTheServerIsGone_thatIsKnownBeforeAnyoneConnects()
      throws SQLException {
    StubDatabase stub = pools.stub("a");
    Connection connection = borrow("a");
    refuse("a", GateTest::unreachable);
    refuse("b", GateTest::unreachable);
    stub.arm(call -> call.contains("INSERT"), Fault.breakBefore());
    assertThatThrownBy(() -> insert(connection)).isInstanceOf(SQLException.class);
    connection.close();
    await().until(() -> attempts.get() == 1);
    assertServerIsTakenForDown("b", "SQLSTATE 08001");
  }

  private void breakInUse(StubDatabase stub) throws SQLException {
    try (Connection connection = borrow("a")) {
      stub.arm(call -> call.contains("INSERT"), Fault.breakBefore());
      assertThatThrownBy(() -> insert(connection)).isInstanceOf(SQLException.class);
    }
  }

  private static void insert(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT token");
    }
  }
}
