package dev.headgate.benchmarks;

import dev.headgate.benchmarks.blackhole.BlackholeMeasurement;
import dev.headgate.benchmarks.borrow.BorrowMeasurement;
import dev.headgate.benchmarks.budget.BudgetMeasurement;
import dev.headgate.benchmarks.churn.ChurnMeasurement;
import dev.headgate.benchmarks.flood.FloodMeasurement;
import dev.headgate.benchmarks.harness.Length;
import dev.headgate.benchmarks.harness.Measurement;
import dev.headgate.benchmarks.harness.Report;
import dev.headgate.benchmarks.http.HttpMeasurement;
import dev.headgate.benchmarks.idle.IdleMeasurement;
import dev.headgate.benchmarks.schema.SchemaMeasurement;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** Runs the measurement that is named, and prints what came of it; see {@code benchmarks/run}. */
public final class Benchmarks {

  private static final List<Measurement> ALL =
      List.of(
          new HttpMeasurement(),
          new SchemaMeasurement(),
          new BorrowMeasurement(),
          new IdleMeasurement(),
          new ChurnMeasurement(),
          new BudgetMeasurement(),
          new BlackholeMeasurement(),
          new FloodMeasurement());

  private static final int NO_SUCH_NAME = 2;

  private Benchmarks() {}

  public static void main(String[] args) {
    int status;
    try {
      status = run(args.length == 1 ? args[0] : "", Length.of(System.getProperties()), System.out);
    } catch (Exception | Error e) {
      e.printStackTrace();
      status = 1;
    }
    // Some libraries leave threads behind.
    System.exit(status);
  }

  /** Runs a measurement; returns the exit status of the process. */
  static int run(String name, Length length, PrintStream out) throws Exception {
    Optional<Measurement> named =
        ALL.stream().filter(measurement -> measurement.name().equals(name)).findAny();
    if (named.isEmpty()) {
      out.println("There are these measurements:");
      for (Measurement measurement : ALL) {
        out.printf("  %-12s %s%n", measurement.name(), measurement.summary());
      }
      return NO_SUCH_NAME;
    }
    Report report = new Report(out);
    named.get().run(length, report);
    report.printResults();
    return 0;
  }
}
