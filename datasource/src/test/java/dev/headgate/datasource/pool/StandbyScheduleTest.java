package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Threads borrow, give back, close, destroy and retire at random; with {@code
 * -Dheadgate.stress=true} for much longer.
 */
@Timeout(600)
@Tag("long")
final class StandbyScheduleTest {

  /** Each has a pool of its own; all have one stub, whose one count has all that is open. */
  private static final List<String> USERS = List.of("a", "b", "c");

  /** Pools at a time; each thread mostly borrows from one of as many databases. */
  private static final int POOLS = 2;

  /** How many connections a pool may have. */
  private static final int SIZE = 2;

  private static final boolean LONG = Boolean.getBoolean("headgate.stress");

  /** How many threads share how many connections, and how often one strays to another pool. */
  enum Schedule {
    /** Somebody always waits, and connections change from pool to pool. */
    CROWDED(5, 2, 2, 20, LONG ? 2_000 : 40),
    /** A connection for each thread, which mostly stands by for it. */
    ROOMY(4, 4, 400, 3_000, LONG ? 300_000 : 20_000);

    private final int threads;
    private final int budget;
    private final int strayEvery;
    private final int endEvery;
    private final int steps;

    Schedule(int threads, int budget, int strayEvery, int endEvery, int steps) {
      this.threads = threads;
      this.budget = budget;
      this.strayEvery = strayEvery;
      this.endEvery = endEvery;
      this.steps = steps;
    }
  }

  private final long seed = System.nanoTime();
  private final Set<PhysicalConnection> held = ConcurrentHashMap.newKeySet();
  private final AtomicInteger mostOpen = new AtomicInteger();

  @ParameterizedTest
  @EnumSource
  void whatIsBorrowed_isNobodyElses_andAllComesBack(Schedule schedule) throws Exception {
    StubPools pools = pools(schedule);
    try {
      run(schedule, pools);
      assertThat(pools.registry.snapshot().pools())
          .as("seed %d", seed)
          .allMatch(pool -> pool.leases() == 0 && pool.active() == 0 && pool.waiting() == 0);
    } finally {
      pools.close();
    }
    assertThat(mostOpen.get()).as("seed %d", seed).isBetween(1, schedule.budget);
    await().until(() -> open(pools) == 0);
  }

  private static StubPools pools(Schedule schedule) {
    return new StubPools(
        PoolRegistry.builder()
            .maximumPools(POOLS)
            .budget("s", schedule.budget)
            .settings(
                PoolSettings.defaults()
                    .withMaximumSize(SIZE)
                    .withBorrowTimeout(Duration.ofSeconds(20))),
        "s");
  }

  private void run(Schedule schedule, StubPools pools) throws Exception {
    List<Database> databases = USERS.stream().map(user -> database(pools, user)).toList();
    ExecutorService executor = Executors.newFixedThreadPool(schedule.threads);
    try {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < schedule.threads; i++) {
        Random random = new Random(seed + i);
        int own = i % POOLS;
        workers.add(
            executor.submit(
                () -> {
                  for (int step = 0; step < schedule.steps; step++) {
                    boolean strays = random.nextInt(schedule.strayEvery) == 0;
                    int which = strays ? random.nextInt(databases.size()) : own;
                    step(schedule, pools, databases.get(which), random);
                  }
                  return null;
                }));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private void step(Schedule schedule, StubPools pools, Database database, Random random)
      throws SQLException {
    LeasedConnection connection =
        (LeasedConnection) pools.registry.borrow(database, "label", null, null);
    PhysicalConnection physical = PhysicalConnection.below(connection.delegate);
    assertThat(held.add(physical)).as("borrowed by no one else; seed %d", seed).isTrue();
    if (random.nextInt(20) == 0) {
      mostOpen.accumulateAndGet(open(pools), Math::max);
    }
    held.remove(physical);
    int end = random.nextInt(schedule.endEvery);
    if (end == 0) {
      connection.close();
    } else if (end == 1) {
      pools.registry.discard(connection);
    } else {
      pools.registry.giveBack(connection);
    }
    if (end == 2) {
      pools.registry.retire(database);
    }
  }

  private static Database database(StubPools pools, String user) {
    return Database.builder(pools.stub("s").url()).user(user).server("s").build();
  }

  private static int open(StubPools pools) {
    return pools.stub("s").openConnections();
  }
}
