package dev.headgate.benchmarks.churn;

import dev.headgate.benchmarks.harness.Heap;
import dev.headgate.benchmarks.harness.Length;
import dev.headgate.benchmarks.harness.Measurement;
import dev.headgate.benchmarks.harness.NewThreads;
import dev.headgate.benchmarks.harness.Report;
import dev.headgate.benchmarks.harness.Table;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Many more tenants than pools, so that nearly each unit of work makes a pool and evicts another
 * one, which may be in use: what fails of that, what is closed in the middle of a transaction, and
 * what is left in the end. The databases are H2's, in memory.
 */
public final class ChurnMeasurement implements Measurement {

  private static final int TENANTS = 2000;
  private static final int MAXIMUM_POOLS = 50;

  /** The part of the load that runs before, so that what stays for good is there already. */
  private static final int WARM_UP_PART = 10;

  /** HikariCP's threads end by themselves five seconds after their last work. */
  private static final Duration UNTIL_THREADS_END = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "churn";
  }

  @Override
  public String summary() {
    return "2000 tenants with 50 pools, and what is left of them (about 90 seconds)";
  }

  @Override
  public void run(Length length, Report report) throws Exception {
    List<TenantId> tenants =
        IntStream.range(0, TENANTS).mapToObj(i -> TenantId.of("t" + i)).toList();
    Map<String, Database> databases =
        tenants.stream()
            .collect(
                Collectors.toMap(
                    TenantId::value, id -> Database.of(WatchedDriver.url(id.value()))));
    TenantDirectory directory = TenantDirectory.of(databases);
    try (WatchedDriver driver = WatchedDriver.register()) {
      create(tenants);
      try {
        NewThreads threads = new NewThreads();
        operate(directory, tenants, length.load().dividedBy(WARM_UP_PART));
        threads.countAfter(UNTIL_THREADS_END);
        long heap = Heap.used();
        long abortedBefore = driver.aborted();

        Churned churned = operate(directory, tenants, length.load());

        int threadsLeft = threads.countAfter(UNTIL_THREADS_END);
        long heapLeft = (Heap.used() - heap) / 1024;
        report(churned, driver.aborted() - abortedBefore, threadsLeft, heapLeft, length, report);
      } finally {
        drop(tenants);
      }
    }
  }

  private record Churned(long operations, long failed, long poolsMade, int poolsLeft) {}

  private static Churned operate(TenantDirectory directory, List<TenantId> tenants, Duration time)
      throws Exception {
    try (RoutingDataSource dataSource =
        RoutingDataSource.builder(directory).maximumPools(MAXIMUM_POOLS).build()) {
      Operations operations = new Operations(dataSource, tenants);
      operations.run(time);
      return new Churned(
          operations.done(),
          operations.failed(),
          dataSource.snapshot().totals().made(),
          dataSource.snapshot().pools().size());
    }
  }

  private static void report(
      Churned churned, long aborted, int threadsLeft, long heapLeft, Length length, Report report) {
    double perSecond = churned.operations() * 1e9 / length.load().toNanos();
    Table table = new Table(1, "%d tenants, %s".formatted(TENANTS, length.load()), "", "wanted");
    table.row("operations", Long.toString(churned.operations()), "");
    table.row("operations a second", "%.0f".formatted(perSecond), "");
    table.row("operations that failed", Long.toString(churned.failed()), "0");
    table.row("connections closed in a transaction", Long.toString(aborted), "0");
    table.row("pools made", Long.toString(churned.poolsMade()), "");
    table.row(
        "pools left", Integer.toString(churned.poolsLeft()), "at most %d".formatted(MAXIMUM_POOLS));
    table.row("threads left after close()", Integer.toString(threadsLeft), "0");
    table.row("KB of heap left after close()", Long.toString(heapLeft), "about 0");
    report.table(table);
    report.result("churn.failed", "%d", churned.failed());
    report.result("churn.aborted", "%d", aborted);
    report.result("churn.pools_left", "%d", churned.poolsLeft());
    report.result("churn.operations_per_s", "%.0f", perSecond);
    report.result("churn.threads_left", "%d", threadsLeft);
    report.result("churn.heap_kb_left", "%d", heapLeft);
  }

  private static void create(List<TenantId> tenants) throws SQLException {
    for (TenantId tenant : tenants) {
      execute(
          tenant,
          "CREATE TABLE note (thread INT, tenant VARCHAR(63))",
          "INSERT INTO note VALUES (-1, '%s')".formatted(tenant));
    }
  }

  private static void drop(List<TenantId> tenants) throws SQLException {
    for (TenantId tenant : tenants) {
      execute(tenant, "SHUTDOWN");
    }
  }

  private static void execute(TenantId tenant, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(WatchedDriver.url(tenant.value()));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
