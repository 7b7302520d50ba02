package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a registry. */
@Timeout(30)
final class RegistryCloseTest {

  private static final Duration LONG = Duration.ofDays(1);
  private static final Duration SHORT = Duration.ofMillis(100);

  private static StubPools pools(Duration closeTimeout) {
    return new StubPools(
        PoolRegistry.builder()
            .closeTimeout(closeTimeout)
            .settings(PoolSettings.defaults().withBorrowTimeout(Duration.ofSeconds(5))));
  }

  @Test
  void lease_afterClose_isRefused() {
    StubPools pools = pools(LONG);
    pools.close();
    assertThatThrownBy(() -> pools.registry.lease(Database.of("jdbc:stub:a")))
        .isInstanceOf(RegistryClosedException.class)
        .isInstanceOf(SQLTransientConnectionException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void lease_ofAPoolThatStillDrains_isRefused() throws SQLException {
    try (StubPools pools = pools(SHORT);
        Lease held = pools.lease("a")) {
      pools.registry.close();
      assertThatThrownBy(() -> pools.lease("a")).isInstanceOf(RegistryClosedException.class);
    }
  }

  @Test
  void close_unleased_closesAllConnections() throws SQLException {
    StubPools pools = pools(LONG);
    for (String name : List.of("a", "b", "c")) {
      try (Lease lease = pools.lease(name)) {
        lease.getConnection().close();
      }
    }
    pools.close();
    for (String name : List.of("a", "b", "c")) {
      assertThat(pools.stub(name).openConnections()).isZero();
    }
  }

  @Test
  void close_leased_waitsForTheLease() throws Exception {
    StubPools pools = pools(LONG);
    Lease lease = pools.lease("a");
    Thread closing = closeInThread(pools.registry);
    try (Connection connection = lease.getConnection();
        var statement = connection.createStatement()) {
      statement.executeUpdate("INSERT late");
      connection.commit();
    }
    assertThat(closing.isAlive()).isTrue();
    lease.close();
    closing.join();
    assertThat(pools.stub("a").committed()).containsExactly("late");
    assertThat(pools.stub("a").openConnections()).isZero();
    pools.close();
  }

  @Test
  void close_whileItWaits_refusesNewLeases() throws Exception {
    StubPools pools = pools(LONG);
    Lease lease = pools.lease("a");
    Thread closing = closeInThread(pools.registry);
    assertThatThrownBy(() -> pools.lease("a")).isInstanceOf(RegistryClosedException.class);
    lease.close();
    closing.join();
    pools.close();
  }

  @Test
  void close_leasedBeyondTheDeadline_closesAnyway() throws SQLException {
    try (StubPools pools = pools(SHORT);
        Lease lease = pools.lease("a")) {
      lease.getConnection();
      pools.registry.close();
      await().until(() -> pools.stub("a").openConnections() == 0);
    }
  }

  @Test
  void forcedClose_whatWasNotCommitted_isGone() throws SQLException {
    try (StubPools pools = pools(SHORT);
        Lease lease = pools.lease("a")) {
      Connection connection = lease.getConnection();
      connection.createStatement().executeUpdate("INSERT lost");
      pools.registry.close();
      await().until(() -> pools.stub("a").openConnections() == 0);
      assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
      assertThat(pools.stub("a").committed()).isEmpty();
    }
  }

  @Test
  void forcedClose_thenGivingBack_doesNoHarm() throws SQLException {
    try (StubPools pools = pools(SHORT)) {
      Lease lease = pools.lease("a");
      Connection connection = lease.getConnection();
      pools.registry.close();
      await().until(() -> pools.stub("a").openConnections() == 0);
      assertThatCode(connection::close).doesNotThrowAnyException();
      assertThatCode(lease::close).doesNotThrowAnyException();
      assertThat(pools.registry.snapshot().pools()).isEmpty();
    }
  }

  @Test
  void forcedClose_thenBorrowing_saysThatTheRegistryIsClosed() throws SQLException {
    try (StubPools pools = pools(SHORT);
        Lease lease = pools.lease("a")) {
      lease.getConnection();
      pools.registry.close();
      await().until(() -> pools.stub("a").openConnections() == 0);
      assertThatThrownBy(lease::getConnection)
          .isInstanceOf(RegistryClosedException.class)
          .hasMessageContaining(pools.pool("a").name());
    }
  }

  @Test
  void forcedClose_thenTheFirstBorrow_saysThatTheRegistryIsClosed() throws SQLException {
    try (StubPools pools = pools(SHORT);
        Lease lease = pools.lease("a")) {
      pools.registry.close();
      await().until(() -> liveThreads(pools.registry).isEmpty());
      assertThatThrownBy(lease::getConnection).isInstanceOf(RegistryClosedException.class);
      assertThat(pools.stub("a").calls()).isEmpty();
    }
  }

  @Test
  void close_interrupted_doesNotWait() throws SQLException {
    StubPools pools = pools(LONG);
    Lease lease = pools.lease("a");
    Thread.currentThread().interrupt();
    pools.registry.close();
    assertThat(Thread.interrupted()).isTrue();
    lease.close();
    pools.close();
  }

  @Test
  void close_twice_doesNoHarm() {
    StubPools pools = pools(LONG);
    pools.registry.close();
    assertThatCode(pools.registry::close).doesNotThrowAnyException();
    pools.close();
  }

  @Test
  void close_afterAForcedClose_doesNotWaitAgain() throws SQLException {
    StubPools pools = pools(LONG);
    Lease lease = pools.lease("a");
    Thread.currentThread().interrupt();
    pools.registry.close();
    assertThat(Thread.interrupted()).isTrue();
    pools.registry.close(); // would wait for a day
    lease.close();
    pools.close();
  }

  @Test
  void close_endsAllThreads() throws SQLException {
    StubPools pools = pools(LONG);
    for (String name : List.of("a", "b", "c")) {
      try (Lease lease = pools.lease(name)) {
        lease.getConnection().close();
      }
    }
    assertThat(liveThreads(pools.registry)).isNotEmpty();
    pools.registry.close();
    await().until(() -> liveThreads(pools.registry).isEmpty());
    pools.close();
  }

  @Test
  void forcedClose_endsAllThreads() throws SQLException {
    try (StubPools pools = pools(SHORT);
        Lease lease = pools.lease("a")) {
      lease.getConnection();
      pools.registry.close();
      await().until(() -> liveThreads(pools.registry).isEmpty());
    }
  }

  @Test
  void connectUnderWay_whenItsPoolIsClosed_isNotLost() throws SQLException {
    StubPools pools = pools(LONG);
    StubDatabase stub = pools.stub("a");
    CountDownLatch connect = new CountDownLatch(1);
    stub.arm(call -> call.startsWith("Driver.connect"), Fault.blockBefore(connect));
    try (Lease lease = pools.lease("a")) {
      assertThatThrownBy(lease::getConnection).isInstanceOf(DatabaseUnavailableException.class);
    }
    pools.registry.close();
    connect.countDown();
    await().until(() -> liveThreads(pools.registry).isEmpty());
    assertThat(stub.connectionsMade()).isEqualTo(1);
    assertThat(stub.openConnections()).isZero();
    pools.close();
  }

  @Test
  void threads_knowNothingOfTheirMaker() throws SQLException {
    Thread current = Thread.currentThread();
    ClassLoader before = current.getContextClassLoader();
    ClassLoader application = new ClassLoader(before) {};
    current.setContextClassLoader(application);
    try (StubPools pools = pools(LONG);
        Lease lease = pools.lease("a");
        Connection connection = lease.getConnection()) {
      assertThat(liveThreads(pools.registry))
          .hasSizeGreaterThan(1)
          .allMatch(Thread::isDaemon)
          .noneMatch(thread -> thread.getContextClassLoader() == application);
    } finally {
      current.setContextClassLoader(before);
    }
  }

  private static Thread closeInThread(PoolRegistry registry) {
    Thread thread = new Thread(registry::close, "closes a registry");
    thread.start();
    await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    return thread;
  }

  private static List<Thread> liveThreads(PoolRegistry registry) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && thread.getName().startsWith(registry + "-"))
        .toList();
  }
}
