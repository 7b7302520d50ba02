package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of tenants that changes while they are at work: no unit of work fails for it. */
class ReconfigurationUnderLoadTest {

  private static final List<TenantId> TENANTS = List.of(TenantId.of("acme"), TenantId.of("globex"));
  private static final int CHANGES = 20;

  @TempDir Path folder;

  private final AtomicLong nanos = new AtomicLong();
  private final String url = Tenants.newH2().url();

  /** Two tenants that share one database, whose pool gets another size each time. */
  private void write(int size) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (TenantId tenant : TENANTS) {
      lines.append("%s.url = %s\n%s.pool.maximum-size = %d\n".formatted(tenant, url, tenant, size));
    }
    Path file = folder.resolve("tenants.properties");
    Files.writeString(file, lines);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + 1000L * size));
  }

  /** Lets time pass until one of the threads has looked twice, and has read the file. */
  private void awaitReadAgain(PropertiesDirectory directory, int size) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              nanos.addAndGet(Duration.ofSeconds(1).toNanos());
              return sizeOf(directory.find(TENANTS.get(0)).orElseThrow()) == size;
            });
  }

  private static int sizeOf(Database database) {
    return database.pool().orElseThrow().maximumSize();
  }

  @Test
  void noUnitOfWorkFails_andTheLastSettingsHold() throws Exception {
    write(10);
    PropertiesDirectory directory =
        new PropertiesDirectory(
            folder.resolve("tenants.properties"), () -> new Placeholders(name -> null), nanos::get);
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger units = new AtomicInteger();
    ExecutorService executor = Executors.newFixedThreadPool(4);
    try (RoutingDataSource dataSource = RoutingDataSource.builder(directory).build()) {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        TenantId tenant = TENANTS.get(i % 2);
        workers.add(
            executor.submit(
                () -> {
                  while (!done.get()) {
                    try (UnitOfWork work = dataSource.begin(tenant);
                        Connection connection = dataSource.getConnection()) {
                      assertThat(connection.isValid(5)).isTrue();
                      work.commit();
                      units.incrementAndGet();
                    }
                  }
                  return null;
                }));
      }
      for (int size = 11; size <= 10 + CHANGES; size++) {
        write(size);
        awaitReadAgain(directory, size);
        int before = units.get();
        await()
            .pollDelay(Duration.ZERO)
            .until(() -> units.get() >= before + 8 || workers.stream().anyMatch(Future::isDone));
      }
      done.set(true);
      for (Future<?> worker : workers) {
        worker.get(60, TimeUnit.SECONDS);
      }
      assertThat(units).hasValueGreaterThan(CHANGES);
      assertThat(dataSource.snapshot().pools())
          .filteredOn(pool -> pool.phase() == PoolPhase.OPEN)
          .singleElement()
          .satisfies(pool -> assertThat(sizeOf(pool.database())).isEqualTo(10 + CHANGES));
      assertThat(dataSource.snapshot().pools()).allMatch(pool -> pool.leases() == 0);
    } finally {
      done.set(true);
      executor.shutdownNow();
    }
  }
}
