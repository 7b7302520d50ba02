package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a snapshot says of pools, servers and what has become of those before. */
@Timeout(60)
class SnapshotTest {

  private final ExecutorService others = Executors.newCachedThreadPool();
  private StubPools pools;

  private void start(int maximumPools, int budget) {
    pools =
        new StubPools(
            PoolRegistry.builder()
                .maximumPools(maximumPools)
                .idleExpiry(Duration.ofHours(1))
                .budget("s", budget)
                .closeTimeout(Duration.ofMillis(100))
                .settings(PoolSettings.defaults().withMaximumSize(2)),
            "s");
  }

  @AfterEach
  void close() {
    others.shutdownNow();
    if (pools != null) {
      pools.close();
    }
  }

  private ServerSnapshot server() {
    List<ServerSnapshot> servers = pools.registry.snapshot().servers();
    assertThat(servers).hasSize(1);
    return servers.get(0);
  }

  private RegistrySnapshot.Totals totals() {
    return pools.registry.snapshot().totals();
  }

  private void use(String name) throws SQLException {
    try (Lease lease = pools.lease(name)) {
      lease.getConnection().close();
    }
  }

  @Test
  void pool_saysWhenItWasMadeAndUsed() throws SQLException {
    start(2, 10);
    pools.use("a");
    pools.clock.advance(Duration.ofSeconds(10));
    pools.use("a");
    pools.clock.advance(Duration.ofSeconds(3));

    // Each use moves the clock on by a second.
    assertThat(pools.pool("a").age()).isEqualTo(Duration.ofSeconds(14));
    assertThat(pools.pool("a").sinceUse()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void pool_madeAgain_isOfTheNextGeneration() throws SQLException {
    start(1, 10);
    pools.use("a");
    assertThat(pools.pool("a").generation()).isEqualTo(1);
    pools.use("b", "a", "b", "a");
    assertThat(pools.pool("a").generation()).isEqualTo(3);
  }

  @Test
  void pool_revived_isOfTheSameGeneration() throws SQLException {
    start(1, 10);
    try (Lease lease = pools.lease("a")) {
      pools.use("b", "a");
      assertThat(pools.pool("a").generation()).isEqualTo(1);
    }
  }

  @Test
  void pool_withAnotherPassword_isOfTheNextGeneration() throws SQLException {
    start(2, 10);
    for (String password : List.of("one", "two")) {
      Database database = Database.builder(pools.stub("a").url()).password(password).build();
      pools.registry.lease(database).close();
      if (password.equals("one")) {
        pools.registry.retire(database);
      }
    }
    assertThat(pools.pool("a").generation()).isEqualTo(2);
  }

  @Test
  void pool_saysItsServerAndSize() throws SQLException {
    start(2, 10);
    pools.use("a");
    assertThat(pools.pool("a").server()).contains("s");
    assertThat(pools.pool("a").maximumSize()).isEqualTo(2);
  }

  @Test
  void embeddedDatabase_hasNoServer() throws SQLException {
    pools = StubPools.bound(1);
    use("a");
    assertThat(pools.pool("a").server()).isEqualTo(Optional.empty());
    assertThat(pools.pool("a").idle()).isEqualTo(1);
    assertThat(pools.registry.snapshot().servers()).isEmpty();
  }

  @Test
  void server_saysWhatIsOpenBusyAndReclaimed() throws SQLException {
    start(3, 2);
    use("a");
    try (Lease lease = pools.lease("b");
        Connection busy = lease.getConnection()) {
      assertThat(server()).isEqualTo(new ServerSnapshot("s", 2, 2, 1, 0, 0, 0));
      use("c");
      assertThat(server()).isEqualTo(new ServerSnapshot("s", 2, 2, 1, 0, 1, 0));
      assertThat(pools.pool("a").idle()).isZero();
      assertThat(pools.pool("b").active()).isEqualTo(1);
      assertThat(pools.pool("c").idle()).isEqualTo(1);
    }
  }

  @Test
  void server_saysWhoWaitsForTheBudget() throws Exception {
    start(2, 2);
    try (Lease lease = pools.lease("a");
        Connection one = lease.getConnection();
        Connection two = lease.getConnection()) {
      var waiter =
          others.submit(
              () -> {
                use("b");
                return null;
              });
      await().until(() -> server().waiting() == 1);
      assertThat(server()).isEqualTo(new ServerSnapshot("s", 2, 2, 2, 1, 0, 1));
      assertThat(pools.pool("b").waiting()).isEqualTo(1);
      one.close();
      waiter.get();
    }
    assertThat(server().exhausted()).isEqualTo(1);
  }

  @Test
  void waitingForAFullPool_isNoExhaustedBudget() throws Exception {
    start(2, 10);
    try (Lease lease = pools.lease("a");
        Connection one = lease.getConnection();
        Connection two = lease.getConnection()) {
      var waiter =
          others.submit(
              () -> {
                use("a");
                return null;
              });
      await().until(() -> server().waiting() == 1);
      assertThat(server().exhausted()).isZero();
      one.close();
      waiter.get();
    }
  }

  @Test
  void totals_countTheEvictedByReason() throws SQLException {
    start(1, 10);
    pools.use("a", "b");
    pools.registry.retire(pools.database("b"));
    pools.use("c");
    pools.registry.retire(pools.database("c"), EvictionReason.REPLACED);

    assertThat(totals().evicted()).isEqualTo(1);
    assertThat(totals().evictedFor())
        .isEqualTo(
            Map.of(
                EvictionReason.BOUND, 1L,
                EvictionReason.REPLACED, 1L,
                EvictionReason.REQUESTED, 1L));
  }

  @Test
  void totals_countTheClosed() throws SQLException {
    start(2, 10);
    use("a");
    try (Lease lease = pools.lease("b")) {
      pools.registry.retire(pools.database("a"));
      pools.registry.retire(pools.database("b"));
      await().until(() -> totals().closed() == 1);
    }
    await().until(() -> totals().closed() == 2);
  }

  @Test
  void snapshot_saysWhenItWasTaken() {
    start(1, 10);
    Instant before = Instant.now();
    assertThat(pools.registry.snapshot().taken()).isBetween(before, Instant.now());
  }

  /** Whatever happens meanwhile, the pools and what became of the others are of one instant. */
  @Test
  void whileOthersMakeAndEvict_totalsAndPoolsFit() throws Exception {
    start(3, 4);
    for (String name : List.of("a", "b", "c", "d", "e")) {
      pools.stub(name);
    }
    List<Database> databases =
        List.of("a", "b", "c", "d", "e").stream().map(pools::database).toList();
    var churn =
        List.of(0, 1).stream()
            .map(
                thread ->
                    others.submit(
                        () -> {
                          for (int i = 0; i < 200; i++) {
                            int which = (i * (thread + 2)) % databases.size();
                            try (Lease lease = pools.registry.lease(databases.get(which))) {
                              lease.getConnection().close();
                            }
                          }
                          return null;
                        }))
            .toList();
    while (!churn.stream().allMatch(Future::isDone)) {
      RegistrySnapshot snapshot = pools.registry.snapshot();
      long open = snapshot.pools().stream().filter(pool -> pool.phase() == PoolPhase.OPEN).count();
      RegistrySnapshot.Totals totals = snapshot.totals();
      assertThat(totals.made() + totals.revived() - totals.evicted()).isEqualTo(open);
      for (ServerSnapshot server : snapshot.servers()) {
        assertThat(server.open()).isLessThanOrEqualTo(4);
        assertThat(snapshot.pools().stream().mapToInt(PoolSnapshot::idle).sum())
            .isLessThanOrEqualTo(server.open());
      }
    }
    for (var each : churn) {
      each.get();
    }
  }
}
