package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThatCode;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** P4: all pools together have no more connections open to a server than its budget. */
@Timeout(60)
final class BudgetTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(250);

  private final ExecutorService others = Executors.newCachedThreadPool();
  private final List<String> served = new CopyOnWriteArrayList<>();
  private StubPools pools;

  private void start(int budget, Duration borrowTimeout) {
    start(budget, borrowTimeout, Duration.ofMillis(20));
  }

  private void start(int budget, Duration borrowTimeout, Duration patience) {
    pools =
        new StubPools(
            PoolRegistry.builder()
                .budget("s", budget)
                .patience(patience)
                .closeTimeout(Duration.ofMillis(100))
                .settings(
                    PoolSettings.defaults().withMaximumSize(1).withBorrowTimeout(borrowTimeout)),
            "s");
  }

  @AfterEach
  void close() {
    others.shutdownNow();
    if (pools != null) {
      pools.close();
    }
  }

  private void use(String name) throws SQLException {
    try (Lease lease = pools.lease(name)) {
      lease.getConnection().close();
    }
  }

  /** Borrows on another thread, and notes the name and gives back when it is told to. */
  private Future<?> borrower(String name, CountDownLatch giveBack) {
    int before = waiting();
    Future<?> borrower =
        others.submit(
            () -> {
              try (Lease lease = pools.registry.lease(pools.database(name));
                  Connection connection = lease.getConnection()) {
                served.add(name);
                giveBack.await();
              }
              return null;
            });
    await().until(() -> waiting() == before + 1);
    return borrower;
  }

  private int waiting() {
    return pools.registry.snapshot().pools().stream().mapToInt(PoolSnapshot::waiting).sum();
  }

  private static void get(Future<?> future) throws Exception {
    future.get(20, TimeUnit.SECONDS);
  }

  @Test
  void usedUp_theLeastRecentlyUsedPoolGivesUpAnIdleConnection() throws SQLException {
    start(2, LONG);
    use("a");
    use("b");
    use("a");

    use("c");

    assertThat(pools.stub("a").openConnections()).isEqualTo(1);
    assertThat(pools.stub("b").openConnections()).isZero();
    assertThat(pools.stub("c").openConnections()).isEqualTo(1);
  }

  @Test
  void usedUp_aBusyConnectionIsLeftAlone() throws Exception {
    start(2, LONG);
    try (Lease lease = pools.lease("a");
        Connection busy = lease.getConnection()) {
      use("b");
      use("c");
      assertThat(pools.stub("a").openConnections()).isEqualTo(1);
      assertThat(pools.stub("b").openConnections()).isZero();
      assertThat(busy.isClosed()).isFalse();
    }
  }

  @Test
  void poolWhoseConnectionWasGivenUp_opensAnother() throws SQLException {
    start(1, LONG);
    for (int i = 0; i < 3; i++) {
      use("a");
      use("b");
    }
    assertThat(pools.stub("a").connectionsMade()).isEqualTo(3);
    assertThat(pools.stub("a").openConnections()).isZero();
    assertThat(pools.stub("b").openConnections()).isEqualTo(1);
  }

  @Test
  void allBusy_messageSaysWhoHasThem() throws SQLException {
    start(1, SHORT);
    try (Lease lease = pools.lease("a");
        Connection busy = lease.getConnection();
        Lease other = pools.lease("b")) {
      assertThatThrownBy(other::getConnection)
          .isInstanceOf(DatabaseUnavailableException.class)
          .hasMessageMatching(
              "no connection to .* became free: raise the budget of s or hold connections shorter"
                  + " \\(waited \\d+ ms; pool .*-pool-2, active 0 of at most 1, idle 0, waiting 0;"
                  + " server s, budget 1, open 1, busy 1, waiting 0: .*-pool-1 1\\)");
    }
  }

  @Test
  void allBusy_whoWaitsGetsTheNextThatIsGivenBack() throws Exception {
    start(1, LONG);
    Lease lease = pools.lease("a");
    Connection busy = lease.getConnection();
    Future<?> waiting = borrower("b", new CountDownLatch(0));

    busy.close();
    lease.close();

    get(waiting);
    assertThat(pools.stub("a").openConnections()).isZero();
  }

  @Test
  void connectIsRefused_reachesItsBorrowerAtOnce() throws SQLException {
    start(1, LONG);
    refuse("a", () -> new SQLException("no"));
    try (Lease lease = pools.lease("a")) {
      long start = System.nanoTime();
      assertThatThrownBy(lease::getConnection).hasMessageContaining("no");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG.dividedBy(3));
    }
  }

  @Test
  void connectIsRefused_thePlaceIsFreeAgain() throws SQLException {
    start(1, LONG);
    refuse("a", () -> new SQLException("no"));
    try (Lease lease = pools.lease("a")) {
      assertThatThrownBy(lease::getConnection).hasMessageContaining("no");
    }
    use("b");
  }

  @Test
  void theServerHasNotSeenYetThatOneWasClosed_itIsAskedAgain() throws SQLException {
    start(1, LONG);
    pools
        .stub("a")
        .arm(
            call -> call.startsWith("Driver.connect"),
            Fault.throwBefore(() -> new SQLException("too many connections", "53300")));
    use("a");
    pools
        .stub("b")
        .arm(
            call -> call.startsWith("Driver.connect"),
            Fault.throwBefore(() -> new SQLException("too many connections", "08004", 1040)));
    use("b");
  }

  @Test
  void theServerHasTooManyConnectionsForLong_saysSo() throws SQLException {
    start(1, LONG);
    refuse("a", () -> new SQLException("too many connections", "53300"));
    try (Lease lease = pools.lease("a")) {
      assertThatThrownBy(lease::getConnection).hasMessageContaining("too many connections");
    }
  }

  @Test
  void connectThrowsAnError_thePlaceIsFreeAgain() throws SQLException {
    start(1, LONG);
    refuse("a", () -> new StackOverflowError("no"));
    try (Lease lease = pools.lease("a")) {
      assertThatThrownBy(lease::getConnection).hasMessageContaining("no");
    }
    use("b");
  }

  @Test
  void connectHangs_thePlaceIsTakenUntilItEnds() throws SQLException {
    start(1, SHORT);
    CountDownLatch answer = new CountDownLatch(1);
    pools.stub("a").arm(call -> call.startsWith("Driver.connect"), Fault.blockBefore(answer));
    try (Lease lease = pools.lease("a");
        Lease other = pools.lease("b")) {
      assertThatThrownBy(lease::getConnection).hasMessageContaining("was made in time");
      assertThatThrownBy(other::getConnection).hasMessageContaining("raise the budget of s");
      assertThat(pools.registry.snapshot().servers().get(0).open()).isEqualTo(1);
      answer.countDown();
      await().until(() -> pools.pool("a").idle() == 1);
      // On a busy machine another connection may take longer than the short timeout.
      await().ignoreExceptions().untilAsserted(() -> other.getConnection().close());
    }
    assertThat(pools.stub("a").openConnections()).isZero();
  }

  @Test
  void connectHangs_otherPoolsGetTheirConnectionsAllTheSame() throws Exception {
    start(2, LONG);
    CountDownLatch answer = new CountDownLatch(1);
    pools.stub("a").arm(call -> call.startsWith("Driver.connect"), Fault.blockBefore(answer));
    Future<?> hanging =
        others.submit(
            () -> {
              use("a");
              return null;
            });
    await().until(() -> pools.registry.snapshot().servers().get(0).open() == 1);
    use("b");
    use("c");
    assertThat(pools.stub("b").openConnections()).as("made room for the other").isZero();
    answer.countDown();
    get(hanging);
  }

  @Test
  void connectHangs_whoeverIsThereWhenThatIsClearIsServedAtOnce() throws Exception {
    // Shorter than it takes to be clear, and more than half of that.
    start(2, Duration.ofMillis(700));
    CountDownLatch answer = new CountDownLatch(1);
    pools.stub("a").arm(call -> call.startsWith("Driver.connect"), Fault.blockBefore(answer));
    Future<?> hanging =
        others.submit(
            () -> {
              use("a");
              return null;
            });
    await().until(() -> pools.registry.snapshot().servers().get(0).open() == 1);
    use("b");
    assumeThatCode(() -> use("c"))
        .as("on a machine that stalls it is clear already")
        .hasMessageContaining("became free");
    use("c");
    answer.countDown();
    assertThatThrownBy(() -> get(hanging)).hasMessageContaining("made in time");
  }

  @Test
  void poolIsClosedWhileItConnects_thePlaceIsFreeAgain() throws Exception {
    start(1, SHORT);
    CountDownLatch answer = new CountDownLatch(1);
    pools.stub("a").arm(call -> call.startsWith("Driver.connect"), Fault.blockBefore(answer));
    try (Lease lease = pools.lease("a")) {
      assertThatThrownBy(lease::getConnection).hasMessageContaining("was made in time");
    }
    pools.registry.retire(pools.database("a"));
    answer.countDown();
    await().until(() -> pools.stub("a").connectionsClosed() == 1);
    await().ignoreExceptions().untilAsserted(() -> use("b"));
  }

  @Test
  void discarded_thePlaceIsFreeAgain() throws SQLException {
    start(1, LONG);
    try (Lease lease = pools.lease("a")) {
      lease.discard(lease.getConnection());
    }
    use("b");
    assertThat(pools.stub("b").openConnections()).isEqualTo(1);
  }

  @Test
  void patience_aConnectionThatIsGivenBackServesItsOwnPoolFirst() throws Exception {
    start(1, LONG, Duration.ofDays(1));
    assertThat(orderOf("b", "a", "a")).containsExactly("a", "a", "b");
  }

  @Test
  void noPatience_whoHasWaitedLongestIsServedFirst() throws Exception {
    start(1, LONG, Duration.ofNanos(1));
    assertThat(orderOf("b", "a", "a")).containsExactly("b", "a", "a");
  }

  /** Has these wait, in this order, for the one connection, which is one of a. */
  private List<String> orderOf(String... names) throws Exception {
    CountDownLatch now = new CountDownLatch(0);
    Lease lease = pools.lease("a");
    Connection busy = lease.getConnection();
    List<Future<?>> borrowers = new CopyOnWriteArrayList<>();
    for (String name : names) {
      borrowers.add(borrower(name, now));
    }
    busy.close();
    lease.close();
    for (Future<?> borrower : borrowers) {
      get(borrower);
    }
    return served;
  }

  @Test
  void withoutAServer_thereIsNoBudget() throws SQLException {
    pools =
        new StubPools(
            PoolRegistry.builder().budget(1).settings(PoolSettings.defaults().withMaximumSize(1)));
    try (Lease one = pools.lease("a");
        Connection first = one.getConnection();
        Lease two = pools.lease("b");
        Connection second = two.getConnection()) {
      assertThat(pools.stub("a").openConnections() + pools.stub("b").openConnections())
          .isEqualTo(2);
    }
  }

  @Test
  void poolAboveTheBudget_isRefusedAtTheStart() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PoolRegistry.builder().budget(9).build())
        .withMessage(
            "the maximum size of a pool, 10, is above the budget of each server, 9: lower the one or raise the other");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PoolRegistry.builder().budget("s", 9).build())
        .withMessageContaining("of s, 9");
  }

  @Test
  void poolOfItsOwnAboveTheBudget_isRefused() {
    start(5, SHORT);
    Database large =
        Database.builder(pools.stub("a").url())
            .server("s")
            .pool(PoolSettings.defaults().withMaximumSize(6))
            .build();
    assertThatThrownBy(() -> pools.registry.lease(large))
        .isInstanceOf(PoolTooLargeException.class)
        .hasMessageContainingAll("6 connections", "server s is 5");
  }

  @Test
  void aLargePoolByDefault_raisesTheDefault() {
    PoolRegistry.builder().settings(PoolSettings.defaults().withMaximumSize(200)).build().close();
  }

  private void refuse(String name, Supplier<? extends Throwable> failure) {
    pools
        .stub(name)
        .arm(call -> call.startsWith("Driver.connect"), Fault.throwBefore(failure))
        .always();
  }
}
