package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** P2: first use; and what it costs. */
final class FirstUseTest {

  private static final int THREADS = 500;

  @Test
  void byManyThreadsAtOnce_makesOnePool() throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try (StubPools pools = StubPools.bound(50)) {
      Database database = pools.database("a");
      Callable<Lease> first =
          () -> {
            start.await();
            return pools.registry.lease(database);
          };
      List<Future<Lease>> leases = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        leases.add(executor.submit(first));
      }
      for (Future<Lease> lease : leases) {
        lease.get();
      }

      assertThat(pools.registry.snapshot().totals().made()).isEqualTo(1);
      assertThat(pools.pool("a").leases()).isEqualTo(THREADS);
      for (Future<Lease> lease : leases) {
        lease.get().close();
      }
      assertThat(pools.pool("a").leases()).isZero();
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void build_opensNoConnection() {
    try (StubPools pools = StubPools.bound(50)) {
      assertThat(pools.stub("a").connectionsMade()).isZero();
    }
  }

  @Test
  void lease_opensNoConnection() throws SQLException {
    try (StubPools pools = StubPools.bound(50);
        Lease a = pools.lease("a")) {
      assertThat(pools.stub("a").calls()).isEmpty();
    }
  }

  @Test
  void lease_ofADatabaseThatIsDown_succeeds() throws SQLException {
    try (PoolRegistry registry = PoolRegistry.builder().build();
        Lease lease = registry.lease(Database.of("jdbc:stub:nowhere"))) {
      assertThat(lease.database().url()).isEqualTo("jdbc:stub:nowhere");
    }
  }

  @Test
  void borrow_opensOneConnection() throws SQLException {
    try (StubPools pools = StubPools.bound(50);
        Lease a = pools.lease("a")) {
      a.getConnection().close();
      assertThat(pools.stub("a").connectionsMade()).isEqualTo(1);
    }
  }

  @Test
  void borrow_again_reusesTheConnection() throws SQLException {
    try (StubPools pools = StubPools.bound(50)) {
      for (int i = 0; i < 3; i++) {
        try (Lease a = pools.lease("a")) {
          a.getConnection().close();
        }
      }
      assertThat(pools.stub("a").connectionsMade()).isEqualTo(1);
    }
  }
}
