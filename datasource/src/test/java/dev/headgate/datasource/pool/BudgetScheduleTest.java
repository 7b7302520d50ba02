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
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * P4 over a random schedule, with connects that fail or take too long, connections that are
 * discarded, and pools that are evicted; with {@code -Dheadgate.stress=true} of 10⁵ steps.
 */
@Timeout(600)
@Tag("long")
final class BudgetScheduleTest {

  private static final int THREADS = 16;
  private static final int DATABASES = 20;
  private static final int BOUND = 10;
  private static final int BUDGET = 5;
  private static final int STEPS = Boolean.getBoolean("headgate.stress") ? 100_000 : 1_000;

  private final long seed = System.nanoTime();
  private final List<StubDatabase> stubs = new ArrayList<>();
  private final AtomicInteger failed = new AtomicInteger();
  private CountingDriver driver;
  private PoolRegistry registry;

  @BeforeEach
  void open() throws SQLException {
    driver = new CountingDriver();
    for (int i = 0; i < DATABASES; i++) {
      stubs.add(StubDatabase.create("budget-" + i + "-" + seed));
    }
    registry =
        PoolRegistry.builder()
            .maximumPools(BOUND)
            .budget("s", BUDGET)
            .longestRetryInterval(Duration.ofMillis(1))
            .settings(
                PoolSettings.defaults()
                    .withMaximumSize(3)
                    .withBorrowTimeout(Duration.ofMillis(250)))
            .build();
  }

  @AfterEach
  void close() throws SQLException {
    registry.close();
    stubs.forEach(StubDatabase::close);
    driver.close();
  }

  @Test
  void atNoInstantAreThereMoreConnectionsThanTheBudget() throws Exception {
    AtomicInteger left = new AtomicInteger(STEPS);
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(seed + i);
        workers.add(
            executor.submit(
                () -> {
                  while (left.getAndDecrement() > 0) {
                    step(random);
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
    assertThat(driver.most.get()).as("seed %d", seed).isEqualTo(BUDGET);
    assertThat(failed.get()).as("of %d", STEPS).isLessThan(STEPS * 3 / 4);
    requireAllPlacesFree();
    registry.close();
    await().untilAsserted(() -> assertThat(driver.open.get()).isZero());
  }

  private void step(Random random) throws SQLException {
    Database database = database(random.nextInt(DATABASES));
    if (random.nextBoolean()) {
      borrowAndGiveBack(database, random);
      return;
    }
    try (Lease lease = registry.lease(database)) {
      Connection connection = lease.getConnection();
      if (random.nextInt(20) == 0) {
        lease.discard(connection);
        return;
      }
      try (connection;
          Statement statement = connection.createStatement()) {
        statement.execute("SELECT 1");
      }
    } catch (DatabaseUnavailableException e) {
      failed.incrementAndGet();
    }
  }

  private void borrowAndGiveBack(Database database, Random random) throws SQLException {
    Connection connection;
    try {
      connection = registry.borrow(database, "label", null, null);
    } catch (DatabaseUnavailableException e) {
      failed.incrementAndGet();
      return;
    }
    if (random.nextInt(20) == 0) {
      registry.discard(connection);
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
    }
    connection.rollback();
    registry.giveBack(connection);
  }

  private Database database(int index) {
    return Database.builder(CountingDriver.url(stubs.get(index).url())).server("s").build();
  }

  /** Who has leaked a place can't give as many connections at once any more. */
  private void requireAllPlacesFree() throws SQLException {
    List<AutoCloseable> held = new ArrayList<>();
    try {
      for (int i = 0; i < BUDGET; i++) {
        Lease lease = registry.lease(database(i));
        held.add(0, lease);
        held.add(0, borrowed(lease));
      }
    } finally {
      for (AutoCloseable each : held) {
        closeQuietly(each);
      }
    }
  }

  private static Connection borrowed(Lease lease) {
    return await()
        .ignoreExceptionsInstanceOf(DatabaseUnavailableException.class)
        .until(lease::getConnection, Objects::nonNull);
  }

  private static void closeQuietly(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
