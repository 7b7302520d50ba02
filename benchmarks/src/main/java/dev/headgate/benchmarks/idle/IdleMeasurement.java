package dev.headgate.benchmarks.idle;

import dev.headgate.benchmarks.harness.Length;
import dev.headgate.benchmarks.harness.Measurement;
import dev.headgate.benchmarks.harness.Report;
import dev.headgate.benchmarks.harness.Table;
import java.util.Locale;
import java.util.function.Function;

/**
 * What pools cost that each were used once, and not again: Headgate's, and HikariCP's by themselves
 * with its defaults. The driver is one without a database.
 */
public final class IdleMeasurement implements Measurement {

  /** HikariCP keeps so many in each pool by default. */
  private static final int HIKARI_CONNECTIONS = 10;

  /** Of HikariCP's there are fewer: each has a thread of its own, and ten connections. */
  private static final int FEWER = 10;

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String summary() {
    return "ten thousand pools that nobody uses, against HikariCP's (about a minute)";
  }

  @Override
  public void run(Length length, Report report) throws Exception {
    int pools = length.pools();
    Seen headgate = Seen.of(ManyPools::headgate, pools, 1, length);
    int fewer = Math.max(1, pools / FEWER);
    Seen hikari = Seen.of(count -> ManyPools.hikari(), fewer, HIKARI_CONNECTIONS, length);

    Table table = new Table(1, "", "Headgate", "HikariCP");
    row(table, "pools", "%.0f", seen -> (double) seen.pools(), headgate, hikari);
    row(
        table,
        "connections in each",
        "%.0f",
        seen -> seen == hikari ? 10.0 : 1.0,
        headgate,
        hikari);
    row(table, "KB of heap a pool", "%.1f", Seen::kilobytes, headgate, hikari);
    row(
        table,
        "threads after " + length.quiet(),
        "%.0f",
        seen -> (double) seen.threads(),
        headgate,
        hikari);
    row(
        table,
        "threads in a connect at once, at most",
        "%.0f",
        seen -> (double) seen.peakConnecting(),
        headgate,
        hikari);
    row(table, "microseconds to make and use one", "%.0f", Seen::makeMicros, headgate, hikari);
    row(table, "seconds to close all", "%.2f", Seen::closeSeconds, headgate, hikari);
    report.table(table);
    report.line(
        "Wanted of 10000 pools: at most 4 KB a pool, 8 threads, and the budget in a connect.");
    report.result("idle.kb_per_pool", "%.2f", headgate.kilobytes());
    report.result("idle.threads", "%d", headgate.threads());
    report.result("idle.peak_connecting", "%d", headgate.peakConnecting());
    report.result("idle.make_us", "%.0f", headgate.makeMicros());
    report.result("idle.close_all_s", "%.2f", headgate.closeSeconds());
  }

  private static void row(
      Table table, String what, String format, Function<Seen, Double> value, Seen one, Seen other) {
    table.row(
        what,
        String.format(Locale.ROOT, format, value.apply(one)),
        String.format(Locale.ROOT, format, value.apply(other)));
  }
}
