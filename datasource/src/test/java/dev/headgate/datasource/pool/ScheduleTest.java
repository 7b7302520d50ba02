package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads lease, borrow, write and give back at random, with far more databases than pools;
 * with {@code -Dheadgate.stress=true} for much longer.
 */
@Timeout(600)
@Tag("long")
final class ScheduleTest {

  private static final int THREADS = 8;
  private static final int DATABASES = 20;
  private static final int BOUND = 5;
  private static final int STEPS = Boolean.getBoolean("headgate.stress") ? 5_000 : 200;

  private final long seed = System.nanoTime();
  private final List<StubDatabase> stubs = new ArrayList<>();
  private final PoolRegistry registry = PoolRegistry.builder().maximumPools(BOUND).build();

  /** What has to be in the databases at the end, by URL. */
  private final ConcurrentMap<String, AtomicInteger> written = new ConcurrentHashMap<>();

  private final AtomicInteger tokens = new AtomicInteger();

  ScheduleTest() {
    for (int i = 0; i < DATABASES; i++) {
      stubs.add(StubDatabase.create("schedule-" + i + "-" + seed));
    }
  }

  @AfterEach
  void close() {
    registry.close();
    stubs.forEach(StubDatabase::close);
  }

  @Test
  void randomWork_allSucceedsAndTheBoundHolds() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS + 1);
    AtomicBoolean done = new AtomicBoolean();
    try {
      Future<Integer> mostOpen = executor.submit(() -> watch(done));
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(seed + i);
        Callable<Void> work =
            () -> {
              for (int step = 0; step < STEPS; step++) {
                step(random, 2);
              }
              return null;
            };
        workers.add(executor.submit(work));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
      done.set(true);

      assertThat(mostOpen.get()).describedAs("seed %d", seed).isEqualTo(BOUND);
    } finally {
      done.set(true);
      executor.shutdownNow();
    }
    RegistrySnapshot end = registry.snapshot();
    assertThat(end.pools()).hasSize(BOUND).allMatch(pool -> pool.leases() == 0);
    assertThat(committed()).describedAs("seed %d", seed).isEqualTo(expected());
    registry.close();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> stubs.stream().allMatch(stub -> stub.openConnections() == 0));
  }

  /** Leases a pool and does something with it; sometimes with a second pool leased meanwhile. */
  private void step(Random random, int depth) throws SQLException {
    StubDatabase stub = stubs.get(random.nextInt(DATABASES));
    try (Lease lease = registry.lease(Database.of(stub.url()))) {
      int kind = random.nextInt(10);
      if (kind == 0) {
        return;
      }
      if (kind == 1) {
        lease.discard(lease.getConnection());
        return;
      }
      try (Connection connection = lease.getConnection();
          Statement statement = connection.createStatement()) {
        statement.executeUpdate("INSERT " + tokens.incrementAndGet());
        if (depth > 0 && kind < 5) {
          step(random, depth - 1);
        }
        if (kind < 9) {
          connection.commit();
          written.computeIfAbsent(stub.url(), url -> new AtomicInteger()).incrementAndGet();
        }
      }
    }
  }

  /** Returns how many pools it saw open at most, and fails when one has no right to be there. */
  private int watch(AtomicBoolean done) {
    int most = 0;
    while (!done.get()) {
      List<PoolSnapshot> pools = registry.snapshot().pools();
      int open = 0;
      for (PoolSnapshot pool : pools) {
        if (pool.phase() == PoolPhase.OPEN) {
          open++;
        }
      }
      most = Math.max(most, open);
      assertThat(pools.stream().map(PoolSnapshot::database)).doesNotHaveDuplicates();
    }
    return most;
  }

  private Map<String, Integer> committed() {
    Map<String, Integer> counts = new TreeMap<>();
    stubs.forEach(stub -> counts.put(stub.url(), stub.committed().size()));
    return counts;
  }

  private Map<String, Integer> expected() {
    Map<String, Integer> counts = new TreeMap<>();
    stubs.forEach(stub -> counts.put(stub.url(), 0));
    written.forEach((url, count) -> counts.put(url, count.get()));
    return counts;
  }
}
