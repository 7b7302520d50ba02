package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.pool.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A password that changes on the server, and then in the directory, under load. */
@Timeout(120)
final class PasswordChangeTest {

  private static final TenantId ACME = TenantId.of("acme");
  private static final int THREADS = 4;
  private static final int CHANGES = 5;

  @TempDir Path folder;

  private final Object change = new Object();
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicIntegerArray units = new AtomicIntegerArray(THREADS);
  private EmbeddedPostgres server;
  private String password;

  @Test
  void noUnitOfWorkFails_andThePoolsOfBeforeClose() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (EmbeddedPostgres started = start();
        RoutingDataSource dataSource =
            RoutingDataSource.builder(tenant -> Optional.of(database())).build()) {
      server = started;
      execute("CREATE ROLE app LOGIN");
      changePassword("first");
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int worker = i;
        workers.add(threads.submit(() -> work(dataSource, worker)));
      }
      for (int i = 0; i < CHANGES; i++) {
        awaitUnits(workers);
        changePassword("changed-" + i);
        // Without new connections nobody would notice.
        dataSource.evict(ACME);
        awaitUnits(workers);
        changePassword("changed-again-" + i);
        for (int another = 0; another < 3; another++) {
          awaitUnits(workers);
        }
      }
      done.set(true);
      for (Future<?> worker : workers) {
        worker.get(30, TimeUnit.SECONDS);
      }
      assertThat(dataSource.snapshot().pools()).hasSize(1);
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
  }

  /** Connections that are open stay; so this needs more of them than there were before. */
  @Test
  void whoConnectsWithThePasswordOfBefore_isGivenTheNewOne() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (EmbeddedPostgres started = start();
        RoutingDataSource dataSource =
            RoutingDataSource.builder(tenant -> Optional.of(database())).build()) {
      server = started;
      execute("CREATE ROLE app LOGIN");
      changePassword("first");
      dataSource.call(ACME, unit -> dataSource.getConnection());
      changePassword("second");
      CyclicBarrier allHaveOne = new CyclicBarrier(THREADS);
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        workers.add(
            threads.submit(
                () -> {
                  try (UnitOfWork unit = dataSource.begin(ACME);
                      Connection connection = dataSource.getConnection()) {
                    allHaveOne.await(30, TimeUnit.SECONDS);
                    unit.commit();
                    return connection;
                  }
                }));
      }
      for (Future<?> worker : workers) {
        worker.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Starts a server that wants a password from the application, and from nobody else. */
  private EmbeddedPostgres start() throws IOException {
    Path rules = folder.resolve("hba");
    Files.writeString(
        rules,
        """
        local all all trust
        host all postgres localhost trust
        host all app 127.0.0.1/32 scram-sha-256
        """);
    return EmbeddedPostgres.builder().setServerConfig("hba_file", rules.toString()).start();
  }

  private Database database() {
    synchronized (change) {
      return Database.builder("jdbc:postgresql://127.0.0.1:%d/postgres".formatted(server.getPort()))
          .user("app")
          .password(password)
          .build();
    }
  }

  /** Whoever asks for the password in between waits, as for the row of a table. */
  private void changePassword(String newest) throws SQLException {
    synchronized (change) {
      execute("ALTER ROLE app PASSWORD '%s'".formatted(newest));
      password = newest;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Void work(RoutingDataSource dataSource, int worker) throws SQLException {
    while (!done.get()) {
      try (UnitOfWork unit = dataSource.begin(ACME);
          Connection connection = dataSource.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("SELECT 1");
        unit.commit();
      }
      units.incrementAndGet(worker);
    }
    return null;
  }

  /** Waits until each thread has ended a unit of work that it began after now. */
  private void awaitUnits(List<Future<?>> workers) {
    int[] before = new int[THREADS];
    for (int i = 0; i < THREADS; i++) {
      before[i] = units.get(i);
    }
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              if (workers.stream().anyMatch(Future::isDone)) {
                return true;
              }
              for (int i = 0; i < THREADS; i++) {
                if (units.get(i) < before[i] + 2) {
                  return false;
                }
              }
              return true;
            });
  }
}
