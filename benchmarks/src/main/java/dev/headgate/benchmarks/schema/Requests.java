package dev.headgate.benchmarks.schema;

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
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Units of work as a small request has them: each reads a row of its tenant's and commits. */
record Requests(RoutingDataSource dataSource) {

  private static final String SELECT = "SELECT tenant FROM note WHERE id = ?";

  /** Runs the request of a tenant, whose number it has to find. */
  void one(int tenant) throws SQLException {
    try (UnitOfWork work = dataSource.begin(TenantId.of("t-" + tenant))) {
      try (Connection connection = dataSource.getConnection();
          PreparedStatement select = connection.prepareStatement(SELECT)) {
        select.setInt(1, 1);
        try (ResultSet row = select.executeQuery()) {
          if (!row.next() || row.getInt(1) != tenant) {
            throw new IllegalStateException("tenant %d has not its own note".formatted(tenant));
          }
        }
      }
      work.commit();
    }
  }

  /** Runs requests of these tenants in turn; returns how many microseconds each has taken. */
  double micros(Duration time, int... tenants) throws SQLException {
    long begin = System.nanoTime();
    long now;
    long count = 0;
    do {
      for (int tenant : tenants) {
        one(tenant);
      }
      count += tenants.length;
      now = System.nanoTime();
    } while (now - begin < time.toNanos());
    return (now - begin) / 1e3 / count;
  }

  /** Runs requests of tenants at random on several threads; returns how many in a second. */
  double perSecond(Duration time, int tenants, int threads) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<Double>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Random random = new Random(i);
        running.add(
            clients.submit(
                () -> {
                  start.await();
                  return perSecond(time, tenants, random);
                }));
      }
      double sum = 0;
      for (Future<Double> each : running) {
        sum += each.get();
      }
      return sum;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request has failed: " + e.getCause(), e);
    } finally {
      clients.shutdownNow();
    }
  }

  private double perSecond(Duration time, int tenants, Random random) throws SQLException {
    long begin = System.nanoTime();
    long now;
    long count = 0;
    do {
      one(random.nextInt(tenants));
      count++;
      now = System.nanoTime();
    } while (now - begin < time.toNanos());
    return count * 1e9 / (now - begin);
  }
}
