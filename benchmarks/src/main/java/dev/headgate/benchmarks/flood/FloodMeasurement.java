package dev.headgate.benchmarks.flood;

import dev.headgate.benchmarks.harness.Heap;
import dev.headgate.benchmarks.harness.Latencies;
import dev.headgate.benchmarks.harness.Length;
import dev.headgate.benchmarks.harness.Measurement;
import dev.headgate.benchmarks.harness.PacedLoad;
import dev.headgate.benchmarks.harness.Report;
import dev.headgate.benchmarks.harness.Table;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Requests of tenants that there are, paced at half of what the server can do, by themselves and
 * then beside as many of tenants that there are not: half of these with names that are nobody's,
 * each another one, and half with what is no name.
 */
public final class FloodMeasurement implements Measurement {

  private static final int CLIENTS = 4;
  private static final double AS_FAST_AS_IT_ANSWERS = Double.POSITIVE_INFINITY;

  /** The parts of the load: to warm up, to see what the server can do, and before the flood. */
  private static final int PART = 4;

  private static final PacedLoad.Requests GOOD =
      new PacedLoad.Requests(number -> get(Application.tenant(number)), number -> 200);

  private static final PacedLoad.Requests FLOOD =
      new PacedLoad.Requests(
          number -> get(isUnknown(number) ? "unknown-" + number : malformed(number)),
          number -> isUnknown(number) ? 404 : 400);

  private static boolean isUnknown(long number) {
    return number % 2 == 0;
  }

  private static String malformed(long number) {
    return switch ((int) (number / 2 % 4)) {
      case 0 -> "../" + number;
      case 1 -> "t0' OR " + number + "=" + number;
      case 2 -> "t0".repeat(200) + number;
      default -> "-" + number + "%00";
    };
  }

  private static byte[] get(String tenant) {
    return "GET / HTTP/1.1\r\nHost: a.localhost\r\nTenant: %s\r\n\r\n"
        .formatted(tenant)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public String name() {
    return "flood";
  }

  @Override
  public String summary() {
    return "tenants that there are beside a flood of those that there are not (about 70 seconds)";
  }

  @Override
  public void run(Length length, Report report) throws Exception {
    Duration part = length.load().dividedBy(PART);
    // In an application of its own, or there would be names in the heap already.
    try (Application application = new Application()) {
      PacedLoad good = new PacedLoad(application.port(), CLIENTS, GOOD);
      PacedLoad flood = new PacedLoad(application.port(), CLIENTS, FLOOD);
      both(good, AS_FAST_AS_IT_ANSWERS, flood, AS_FAST_AS_IT_ANSWERS, part);
    }
    try (Application application = new Application()) {
      PacedLoad good = new PacedLoad(application.port(), CLIENTS, GOOD);
      PacedLoad flood = new PacedLoad(application.port(), CLIENTS, FLOOD);
      double capacity = good.run(AS_FAST_AS_IT_ANSWERS, part);
      double pace = capacity / 2;
      double before = good.run(pace, part);
      long heap = Heap.used();
      long lookups = application.lookups();
      application.stopwatch().take();

      Both beside = both(good, pace, flood, pace, part);

      Latencies refused = application.stopwatch().take();
      double heapMegabytes = (Heap.used() - heap) / 1048576.0;
      report(
          capacity,
          before,
          beside,
          refused,
          heapMegabytes,
          application.lookups() - lookups,
          application.poolsMade(),
          report);
    }
  }

  private record Both(double good, double flood) {}

  private static Both both(
      PacedLoad good, double goodPace, PacedLoad flood, double floodPace, Duration time)
      throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Double> flooding = thread.submit(() -> flood.run(floodPace, time));
      double answered = good.run(goodPace, time);
      return new Both(answered, flooding.get());
    } finally {
      thread.shutdownNow();
    }
  }

  private static void report(
      double capacity,
      double before,
      Both beside,
      Latencies refused,
      double heapMegabytes,
      long lookups,
      long poolsMade,
      Report report) {
    double p99Millis = refused.quantile(0.99) / 1000.0;
    double throughput = beside.good() / before;
    Table table = new Table(1, "%d tenants".formatted(Application.TENANTS), "", "wanted");
    table.row("requests a second that the server can do", "%.0f".formatted(capacity), "");
    table.row("at half of it, by themselves", "%.0f".formatted(before), "");
    table.row("beside the flood", "%.0f".formatted(beside.good()), "");
    table.row("beside the flood over by themselves", "%.3f".formatted(throughput), "at least 0.95");
    table.row("requests of the flood a second", "%.0f".formatted(beside.flood()), "");
    table.row(
        "ms in the filter, 50th percentile", "%.3f".formatted(refused.quantile(0.5) / 1e3), "");
    table.row("ms in the filter, 99th percentile", "%.3f".formatted(p99Millis), "at most 5");
    table.row("MB of heap that the flood leaves", "%.1f".formatted(heapMegabytes), "at most 16");
    table.row("requests of the flood", Long.toString(refused.count()), "");
    table.row("look-ups in the directory meanwhile", Long.toString(lookups), "");
    table.row("pools made", Long.toString(poolsMade), Integer.toString(Application.TENANTS));
    report.table(table);
    report.result("flood.p99_ms", "%.3f", p99Millis);
    report.result("flood.heap_mb", "%.1f", heapMegabytes);
    report.result("flood.good_throughput", "%.3f", throughput);
  }
}
