package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection that was given back with its lease stands by, and is in nobody's way there. */
@Timeout(60)
final class StandbyTest {

  private static final int THREADS = 4;

  private final StubPools pools =
      new StubPools(
          PoolRegistry.builder()
              .maximumPools(3)
              .budget("s", 2)
              .settings(
                  PoolSettings.defaults()
                      .withMaximumSize(2)
                      .withBorrowTimeout(Duration.ofSeconds(20))),
          "s");
  private final StubDatabase stub = pools.stub("a");
  private final ExecutorService others = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    others.shutdownNow();
    pools.close();
  }

  private Connection borrow(String name) throws SQLException {
    pools.clock.advance(Duration.ofMillis(1));
    return pools.registry.borrow(pools.database(name), "label", null, null);
  }

  /** Uses each so often that its connection stands by. */
  private void use(String... names) throws SQLException {
    for (String name : names) {
      pools.registry.giveBack(borrow(name));
      pools.registry.giveBack(borrow(name));
    }
  }

  private long calls(String call) {
    return stub.calls().stream().filter(each -> each.startsWith(call)).count();
  }

  @Test
  void givenBack_isTheNextOnes() throws SQLException {
    use("a");
    Connection connection = borrow("a");
    assertThat(connection.isClosed()).isFalse();
    assertThat(stub.connectionsMade()).isEqualTo(1);
    assertThat(pools.pool("a").leases()).isEqualTo(1);
    assertThat(pools.pool("a").active()).isEqualTo(1);
    pools.registry.giveBack(connection);
  }

  @Test
  void givenBack_isIdleAndNoLease() throws SQLException {
    use("a");
    assertThat(pools.pool("a").leases()).isZero();
    assertThat(pools.pool("a").active()).isZero();
    assertThat(pools.pool("a").idle()).isEqualTo(1);
  }

  @Test
  void givenBackTwice_isGivenBackOnce() throws SQLException {
    Connection connection = borrow("a");
    pools.registry.giveBack(connection);
    Connection next = borrow("a");
    pools.registry.giveBack(connection);
    pools.registry.discard(connection);
    assertThat(next.isClosed()).isFalse();
    assertThat(pools.pool("a").leases()).isEqualTo(1);
    next.close();
    assertThat(pools.pool("a").leases()).isZero();
  }

  @Test
  void discarded_isDestroyed_andTheLeaseGoesBack() throws SQLException {
    pools.registry.discard(borrow("a"));
    await().until(() -> stub.connectionsClosed() == 1);
    assertThat(pools.pool("a").leases()).isZero();
  }

  @Test
  void whatIsNotBorrowedHere_isNotTaken() throws SQLException {
    try (Lease lease = pools.lease("a");
        Connection connection = lease.getConnection()) {
      assertThatThrownBy(() -> pools.registry.giveBack(connection))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("was not borrowed from");
    }
  }

  @Test
  void retired_isClosedAtOnce() throws SQLException {
    use("a");
    pools.registry.retire(pools.database("a"));
    assertThat(pools.registry.snapshot().pools()).isEmpty();
    await().until(() -> stub.openConnections() == 0);
  }

  @Test
  void givenBackToAPoolThatDrains_doesNotStandBy() throws SQLException {
    Connection connection = borrow("a");
    pools.registry.retire(pools.database("a"));
    pools.registry.giveBack(connection);
    await().until(() -> stub.openConnections() == 0);
    assertThat(pools.registry.snapshot().pools()).isEmpty();
  }

  @Test
  void evicted_doesNotDrain() throws SQLException {
    use("a", "b", "c", "d");
    assertThat(pools.in(PoolPhase.OPEN)).hasSize(3).contains("d");
    assertThat(pools.in(PoolPhase.DRAINING)).isEmpty();
  }

  @Test
  void stoodBy_expiresAfterwards() throws SQLException {
    use("a");
    pools.clock.advance(Duration.ofMinutes(11));
    pools.registry.expireIdle();
    assertThat(pools.registry.snapshot().totals().expired()).as("used a moment ago").isZero();
    await()
        .untilAsserted(
            () -> {
              pools.clock.advance(Duration.ofMinutes(11));
              pools.registry.expireIdle();
              assertThat(pools.registry.snapshot().totals().expired()).isEqualTo(1);
            });
  }

  @Test
  void registryCloses_withoutWaitingForIt() throws SQLException {
    use("a", "b");
    pools.registry.close();
    assertThat(stub.openConnections()).isZero();
    assertThat(pools.registry.snapshot().pools()).isEmpty();
  }

  @Test
  void budgetIsUsedUp_itMakesRoom() throws SQLException {
    use("a", "b");
    use("c");
    assertThat(pools.stub("c").connectionsMade()).isEqualTo(1);
    assertThat(stub.openConnections()).isZero();
  }

  @Test
  void whoWaits_hasAllPoolsOfTheServerStandDown() throws Exception {
    Server server = new Server("s", 1, 0, new Deadlocks());
    AtomicInteger asked = new AtomicInteger();
    Seats other =
        new Seats(
            "other",
            server,
            1,
            1000,
            new BareOwner() {
              @Override
              public void standDown() {
                asked.incrementAndGet();
              }
            });
    Seats own = new Seats("own", server, 1, 1000, new BareOwner());
    assertThat(server.tryGrow(other)).isNotNull();
    assertThat(own.await(null, false, System.nanoTime(), System.nanoTime())).isNull();
    assertThat(asked.get()).isEqualTo(1);
  }

  @Test
  void whoWaits_getsWhatIsGivenBack() throws Exception {
    Connection first = borrow("a");
    Connection second = borrow("b");
    Future<?> waiting = others.submit(() -> used("c"));
    await().until(() -> pools.pool("c").waiting() == 1);
    pools.registry.giveBack(first);
    waiting.get(10, TimeUnit.SECONDS);
    pools.registry.giveBack(second);
  }

  private String used(String name) throws SQLException {
    use(name);
    return name;
  }

  @Test
  void whoLeasesThePool_getsItToo() throws SQLException {
    use("a");
    try (Lease lease = pools.registry.lease(pools.database("a"), "label");
        Connection connection = lease.getConnection()) {
      assertThat(connection.isClosed()).isFalse();
    }
    assertThat(stub.connectionsMade()).isEqualTo(1);
  }

  @Test
  void seldomUsed_goesToHikariCP() throws SQLException {
    for (int i = 0; i < 3; i++) {
      pools.clock.advance(Duration.ofSeconds(1));
      Connection connection = borrow("a");
      long before = calls("Connection.clearWarnings");
      pools.registry.giveBack(connection);
      // Once before, and once by HikariCP.
      assertThat(calls("Connection.clearWarnings") - before).isEqualTo(2);
    }
  }

  @Test
  void beforeLong_HikariCPHasItAgain() throws SQLException {
    use("a");
    // Twice for what went to it at once, once when it was given back, and once by HikariCP.
    await().until(() -> calls("Connection.clearWarnings") == 4);
    assertThat(stub.openConnections()).isEqualTo(1);
  }

  @Test
  void inUseForLong_HikariCPHasItAgainWhenItIsGivenBack() throws SQLException {
    use("a");
    Connection connection = borrow("a");
    Connection other = borrow("a");
    long before = calls("Connection.clearWarnings");
    pools.registry.giveBack(other);
    await().until(() -> calls("Connection.clearWarnings") - before == 2);
    pools.registry.giveBack(connection);
    assertThat(calls("Connection.clearWarnings") - before).isEqualTo(4);
  }

  @Test
  void changedSettings_areChangedBack() throws SQLException {
    Connection connection = borrow("a");
    connection.setAutoCommit(true);
    connection.setReadOnly(true);
    pools.registry.giveBack(connection);
    Connection next = borrow("a");
    assertThat(next.getAutoCommit()).isFalse();
    assertThat(next.isReadOnly()).isFalse();
    pools.registry.giveBack(next);
    assertThat(stub.connectionsMade()).isEqualTo(1);
  }

  @Test
  void workBehindUnwrap_isRolledBack() throws SQLException {
    Connection connection = borrow("a");
    try (Statement statement = connection.unwrap(Connection.class).createStatement()) {
      statement.executeUpdate("INSERT unseen");
    }
    pools.registry.giveBack(connection);
    assertThat(stub.states()).noneMatch(state -> state.inTransaction());
    assertThat(stub.committed()).isEmpty();
  }

  @Test
  void cleaningFails_isDestroyed_andTheLeaseGoesBack() throws SQLException {
    Connection connection = borrow("a");
    stub.arm(
        "Connection.clearWarnings()"::equals,
        Fault.throwBefore(() -> new SQLException("no state")));
    assertThatThrownBy(() -> pools.registry.giveBack(connection)).hasMessageContaining("no state");
    await().until(() -> stub.connectionsClosed() == 1);
    assertThat(pools.pool("a").leases()).isZero();
    use("a");
    assertThat(stub.connectionsMade()).isEqualTo(2);
  }

  /** Nobody takes what another one has, and nothing is lost. */
  @Test
  void manyThreads_eachHasItsOwn() throws Exception {
    Seats seats = new Seats("x", new Server(null, 1, 0, new Deadlocks()), 1, 1000, new BareOwner());
    Connection connection = DriverManager.getConnection(stub.url());
    PhysicalConnection physical = new PhysicalConnection(connection, null, Reset.TENANT, seats);
    Leases standby = new Leases();
    standby.offerStandby(new Fetched(connection, physical, 0));
    AtomicInteger having = new AtomicInteger();
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      all.add(others.submit(() -> takeAndOffer(standby, having)));
    }
    for (Future<?> each : all) {
      each.get();
    }
    assertThat(standby.standingBy()).isEqualTo(1);
  }

  private static void takeAndOffer(Leases standby, AtomicInteger having) {
    for (int i = 0; i < 200_000; i++) {
      Fetched mine = standby.takeStandby();
      if (mine != null) {
        assertThat(having.incrementAndGet()).isEqualTo(1);
        having.decrementAndGet();
        assertThat(standby.offerStandby(mine)).isTrue();
      }
    }
  }
}
