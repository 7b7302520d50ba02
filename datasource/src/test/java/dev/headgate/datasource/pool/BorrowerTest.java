package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** P4: who has a connection already goes first, and what could only deadlock is refused. */
@Timeout(60)
final class BorrowerTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(250);

  private final ExecutorService others = Executors.newCachedThreadPool();
  private final List<String> served = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> leases = new ArrayList<>();
  private final Borrower one = Borrower.keepingAll();
  private final Borrower two = Borrower.keepingAll();
  private final Borrower someone = Borrower.keepingAll();
  private StubPools pools;

  private void start(int budget, int poolSize, Duration borrowTimeout) {
    pools =
        new StubPools(
            PoolRegistry.builder()
                .budget("s", budget)
                .closeTimeout(Duration.ofMillis(100))
                .settings(
                    PoolSettings.defaults()
                        .withMaximumSize(poolSize)
                        .withBorrowTimeout(borrowTimeout)),
            "s");
  }

  @AfterEach
  void close() throws Exception {
    others.shutdownNow();
    for (AutoCloseable lease : leases) {
      lease.close();
    }
    pools.close();
  }

  private Connection borrow(Borrower borrower, String name) throws SQLException {
    Lease lease = pools.lease(name);
    leases.add(lease);
    return lease.getConnection(borrower);
  }

  /** Borrows on another thread, which has to wait, and gives back at once. */
  private Future<?> waiting(Borrower borrower, String name) throws SQLException {
    return waiting(borrower, name, name);
  }

  private Future<?> waiting(Borrower borrower, String name, String called) throws SQLException {
    Lease lease = pools.lease(name);
    leases.add(lease);
    int before = waiting();
    Future<?> waiting =
        others.submit(
            () -> {
              Connection connection = lease.getConnection(borrower);
              served.add(called);
              connection.close();
              return null;
            });
    await().until(() -> waiting() == before + 1);
    return waiting;
  }

  private int waiting() {
    return pools.registry.snapshot().pools().stream().mapToInt(PoolSnapshot::waiting).sum();
  }

  private static void get(Future<?> future) throws Exception {
    future.get(20, TimeUnit.SECONDS);
  }

  private static void refusedAtOnce(ThrowingCallable borrowing) {
    long start = System.nanoTime();
    assertThatThrownBy(borrowing).isInstanceOf(BorrowDeadlockException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG.dividedBy(3));
  }

  /** By which it is told who waits in vain. */
  @Test
  void whatWasGivenBackOrAborted_isNotHeldAnyMore() throws Exception {
    start(9, 1, LONG);
    Connection first = borrow(one, "a");
    Connection second = borrow(one, "b");
    Connection third = borrow(one, "c");
    assertThat(one.held(pool -> true)).isEqualTo(3);
    assertThat(one.held(pool -> pool == ((LeasedConnection) second).pool().seats())).isOne();

    second.close();
    third.abort(Runnable::run);
    assertThat(one.held(pool -> true)).isOne();

    Connection fourth = borrow(one, "d");
    assertThat(one.held(pool -> true)).isEqualTo(2);
    first.close();
    fourth.close();
    assertThat(one.held(pool -> true)).isZero();
    third.close();
  }

  @Test
  void whoHasAConnectionOfTheServer_goesFirst() throws Exception {
    start(2, 1, LONG);
    try (Connection held = borrow(one, "a")) {
      Connection busy = borrow(two, "b");
      Future<?> first = waiting(someone, "c");
      Future<?> holder = waiting(one, "d");

      busy.close();

      get(holder);
      get(first);
      assertThat(served).containsExactly("d", "c");
    }
  }

  @Test
  void whoHadAConnectionOfTheServer_doesNotGoFirst() throws Exception {
    start(5, 1, LONG);
    borrow(one, "a").close();
    Connection busy = borrow(two, "b");
    Future<?> first = waiting(someone, "b", "first");
    Future<?> second = waiting(one, "b", "second");

    busy.close();

    get(first);
    get(second);
    assertThat(served).containsExactly("first", "second");
  }

  @Test
  void aSecondOneOfAPoolThatHasOneOnly_isRefusedAtOnce() throws SQLException {
    start(5, 1, LONG);
    try (Connection held = borrow(one, "a")) {
      refusedAtOnce(() -> borrow(one, "a"));
      assertThatThrownBy(() -> borrow(one, "a"))
          .hasMessageMatching(
              "no connection to .* can become free, since all who could give one back wait for"
                  + " another one: raise the pool's size or hold connections shorter, or need fewer at a"
                  + " time \\(pool .*-pool-1, active 1 of at most 1, idle 0, waiting 0; server s,"
                  + " budget 5, open 1, busy 1, waiting 0: .*-pool-1 1\\)");
    }
  }

  @Test
  void theLastOfThoseWhoWaitForEachOther_isRefusedAtOnce_andTheOthersGoOn() throws Exception {
    start(2, 1, LONG);
    try (Connection held = borrow(one, "a")) {
      Connection other = borrow(two, "b");
      Future<?> waiting = waiting(one, "c");

      refusedAtOnce(() -> borrow(two, "d"));

      assertThat(waiting).isNotDone();
      other.close();
      get(waiting);
    }
  }

  @Test
  void acrossPools_theLastIsRefusedAtOnce() throws Exception {
    start(5, 1, LONG);
    try (Connection held = borrow(one, "a")) {
      Connection other = borrow(two, "b");
      Future<?> waiting = waiting(one, "b");

      refusedAtOnce(() -> borrow(two, "a"));

      other.close();
      get(waiting);
    }
  }

  @Test
  void acrossServers_theLastIsRefusedAtOnce() throws Exception {
    start(1, 1, LONG);
    try (Lease elsewhere = pools.registry.lease(onServer("t"));
        Connection held = borrow(one, "a")) {
      Connection other = elsewhere.getConnection(two);
      Future<?> waiting =
          others.submit(
              () -> {
                elsewhere.getConnection(one).close();
                return null;
              });
      await().until(() -> waiting() == 1);

      refusedAtOnce(() -> borrow(two, "b"));

      other.close();
      get(waiting);
    }
  }

  private Database onServer(String server) {
    return Database.builder(pools.stub("other").url())
        .server(server)
        .pool(PoolSettings.defaults().withMaximumSize(1).withBorrowTimeout(LONG))
        .build();
  }

  @Test
  void asLongAsSomeoneGoesOnWhoHasOne_nobodyIsRefused() throws Exception {
    start(3, 1, LONG);
    try (Connection held = borrow(one, "a");
        Connection another = borrow(two, "b")) {
      Connection busy = borrow(someone, "c");
      Future<?> first = waiting(one, "d");
      Future<?> second = waiting(two, "e");

      assertThat(first).isNotDone();
      assertThat(second).isNotDone();
      busy.close();

      get(first);
      get(second);
    }
  }

  @Test
  void whoseConnectionsOtherThreadsMayGiveBack_isNotRefused() throws SQLException {
    start(5, 1, SHORT);
    Borrower sharing = Borrower.sharingThreads();
    try (Connection held = borrow(sharing, "a")) {
      assertThatThrownBy(() -> borrow(sharing, "a"))
          .isExactlyInstanceOf(DatabaseUnavailableException.class)
          .hasMessageContaining("became free");
    }
  }
}
