package dev.headgate.benchmarks.budget;

import dev.headgate.benchmarks.harness.Length;
import dev.headgate.benchmarks.harness.Measurement;
import dev.headgate.benchmarks.harness.Postgres;
import dev.headgate.benchmarks.harness.Report;
import dev.headgate.benchmarks.harness.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Many databases on a server that allows few connections, asked by more threads than that: through
 * Headgate with a budget, through PgBouncer where it is installed, and through a pool for each
 * database, one after the other.
 */
public final class BudgetMeasurement implements Measurement {

  private static final int MAX_CONNECTIONS = 25;
  private static final int BUDGET = 20;

  /** The load of the other measurements is longer, to see what piles up. */
  private static final int LOAD_PART = 6;

  @Override
  public String name() {
    return "budget";
  }

  @Override
  public String summary() {
    return "200 databases on 20 connections, against PgBouncer (about 3 minutes)";
  }

  /** Makes one side. */
  @FunctionalInterface
  private interface Start {
    Side side() throws Exception;
  }

  /** One load: what is measured, for how long, and where it is said. */
  private record Run(Databases databases, Duration load, Table table) {

    Requests.Result measure(Start start) throws Exception {
      try (Side side = start.side()) {
        Requests requests = new Requests(databases, side);
        Requests.Result warmUp = requests.run(load);
        Requests.Result result = requests.run(load);
        table.row(
            side.name(),
            "%.0f".formatted(result.perSecond()),
            "%d".formatted(warmUp.failed() + result.failed()),
            "%.0f".formatted(result.p99Millis()),
            "%.0f".formatted(result.longestMillis()));
        return result;
      }
    }
  }

  @Override
  public void run(Length length, Report report) throws Exception {
    Databases databases = new Databases(length.databases());
    Duration load = length.load().dividedBy(LOAD_PART);
    Table table = new Table(1, "", "requests a second", "failed", "p99 ms", "longest ms");
    Run run = new Run(databases, load, table);
    Requests.Result headgate;
    Requests.Result plain;
    int peak;
    List<Requests.Result> bouncers;
    try (Postgres server =
            Postgres.start(Map.of("max_connections", Integer.toString(MAX_CONNECTIONS)));
        CountedDriver driver = CountedDriver.register()) {
      databases.create(server);
      headgate = run.measure(() -> new HeadgateSide(server, databases, BUDGET));
      peak = driver.peak();
      bouncers = bouncers(run, server);
      plain = run.measure(() -> new PlainPools(server, databases));
    }
    report.table(table);
    if (headgate.failure() != null) {
      headgate.failure().printStackTrace();
    }
    report.result("budget.failed", "%d", headgate.failed());
    report.result("budget.peak_open", "%d", peak);
    report.result("budget.requests_per_s", "%.0f", headgate.perSecond());
    report.result("budget.max_ms", "%.0f", headgate.longestMillis());
    report.result("budget.plain_pools_failed", "%d", plain.failed());
    if (bouncers.isEmpty()) {
      report.line("PgBouncer is not installed, and was not measured.");
    } else {
      Requests.Result bouncer = best(bouncers);
      report.result(
          "budget.headgate_over_pgbouncer", "%.2f", headgate.perSecond() / bouncer.perSecond());
      report.result(
          "budget.p99_over_pgbouncer", "%.2f", headgate.p99Millis() / bouncer.p99Millis());
    }
  }

  /** Measures all ways to use PgBouncer, if it is installed. */
  private static List<Requests.Result> bouncers(Run run, Postgres server) throws Exception {
    Optional<Path> program = PgBouncer.program();
    List<Requests.Result> results = new ArrayList<>();
    for (Way way : program.isEmpty() ? new Way[0] : Way.values()) {
      results.add(
          run.measure(
              () ->
                  new PgBouncerSide(
                      way.mode,
                      PgBouncer.start(program.orElseThrow(), server, way.mode, BUDGET),
                      run.databases(),
                      way.persistent)));
    }
    return results;
  }

  /**
   * Returns the best one: of those in which no request failed, if there are any, the one with the
   * most requests a second.
   */
  private static Requests.Result best(List<Requests.Result> results) {
    return Collections.max(
        results,
        Comparator.comparingInt((Requests.Result result) -> result.failed() == 0 ? 1 : 0)
            .thenComparingDouble(Requests.Result::perSecond));
  }

  /**
   * The ways to use PgBouncer. Persistent clients in session mode are none: each would keep a
   * connection of the server.
   */
  private enum Way {
    SESSION("session", false),
    TRANSACTION("transaction", false),
    TRANSACTION_PERSISTENT("transaction", true);

    private final String mode;
    private final boolean persistent;

    Way(String mode, boolean persistent) {
      this.mode = mode;
      this.persistent = persistent;
    }
  }
}
