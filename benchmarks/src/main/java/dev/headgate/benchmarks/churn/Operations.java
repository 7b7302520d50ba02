package dev.headgate.benchmarks.churn;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Many threads, each with one unit of work after the other, of tenants drawn at random. */
final class Operations {

  private static final int THREADS = 16;

  private final RoutingDataSource dataSource;
  private final List<TenantId> tenants;
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  Operations(RoutingDataSource dataSource, List<TenantId> tenants) {
    this.dataSource = dataSource;
    this.tenants = tenants;
  }

  void run(Duration time) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      long end = System.nanoTime() + time.toNanos();
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        all.add(
            threads.submit(
                () -> {
                  while (System.nanoTime() < end) {
                    tryOne(number);
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  long done() {
    return done.get();
  }

  long failed() {
    return failed.get();
  }

  private void tryOne(int thread) {
    TenantId tenant = tenants.get(ThreadLocalRandom.current().nextInt(tenants.size()));
    try {
      operate(tenant, thread);
      done.incrementAndGet();
    } catch (SQLException | RuntimeException e) {
      if (failed.incrementAndGet() == 1) {
        e.printStackTrace();
      }
    }
  }

  /** Adds a row, sees that all are this tenant's, and takes it away again: nothing piles up. */
  private void operate(TenantId tenant, int thread) throws SQLException {
    try (UnitOfWork work = dataSource.begin(tenant);
        Connection connection = dataSource.getConnection()) {
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO note (thread, tenant) VALUES (?, ?)")) {
        insert.setInt(1, thread);
        insert.setString(2, tenant.value());
        insert.executeUpdate();
      }
      try (PreparedStatement select =
              connection.prepareStatement("SELECT MIN(tenant), MAX(tenant) FROM note");
          ResultSet result = select.executeQuery()) {
        result.next();
        if (!tenant.value().equals(result.getString(1))
            || !tenant.value().equals(result.getString(2))) {
          throw new IllegalStateException("tenant \"%s\" sees another's rows".formatted(tenant));
        }
      }
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM note WHERE thread = ?")) {
        delete.setInt(1, thread);
        delete.executeUpdate();
      }
      work.commit();
    }
  }
}
