package dev.headgate.benchmarks.blackhole;

import dev.headgate.benchmarks.harness.Estimate;
import dev.headgate.benchmarks.harness.Report;
import dev.headgate.benchmarks.harness.Table;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Several illnesses of a server, as its own tenant and the others saw them. What the machine does
 * besides comes and goes, so each time of trouble is compared with the one just before, and the
 * median of that is taken.
 */
record Course(List<Round> rounds, Collection<Seen> seenByOthers, Collection<Seen> seenBySick) {

  /** Whoever has an answer within that time holds no thread. */
  static final Duration AT_ONCE = Duration.ofMillis(5);

  void table(Report report) {
    Table table =
        new Table(
            1,
            "its server (medians)",
            "others a second",
            "p99 ms",
            "the sick one: answered a second",
            "503 a second",
            "inside at most");
    row(table, "before", Round::before);
    row(table, "hangs", Round::hangs);
    row(table, "refuses", Round::refuses);
    row(table, "is back", Round::after);
    report.table(table);
    double[] before = rounds.stream().mapToDouble(round -> p99(round.before())).sorted().toArray();
    report.line(
        "From one time before to another, the p99 of the others was between %.2f and %.2f ms."
            .formatted(before[0], before[before.length - 1]));
  }

  private void row(Table table, String name, Function<Round, Phase> which) {
    table.row(
        name,
        "%.0f".formatted(median(round -> good(which.apply(round)))),
        "%.2f".formatted(median(round -> p99(which.apply(round)))),
        "%.0f".formatted(median(round -> sick(which.apply(round), Seen::isGood))),
        "%.0f".formatted(median(round -> sick(which.apply(round), Course::isRejected))),
        "%d".formatted(mostInside(which)));
  }

  /**
   * Prints what the illnesses have cost.
   *
   * @param untilKnown from when on all know that the server hangs
   * @param inside what the server saw of the sick one's requests
   */
  void results(Duration untilKnown, Collection<Seen> inside, Report report) {
    report.result(
        "blackhole.others_throughput",
        "%.3f",
        median(round -> good(round.trouble()) / good(round.before())));
    report.result(
        "blackhole.others_p99",
        "%.3f",
        median(round -> p99(round.trouble()) / p99(round.before())));
    report.result(
        "blackhole.threads_held",
        "%.0f",
        median(round -> Seen.mostAtOnce(inside, round.trouble(), AT_ONCE.toNanos())));
    report.result(
        "blackhole.reject_p99_ms",
        "%.2f",
        median(
            round ->
                Seen.p99Millis(inside, round.trouble().after(untilKnown), Course::isRejected)));
    report.result(
        "blackhole.recovery_s",
        "%.2f",
        rounds.stream().mapToDouble(round -> recovery(round.after())).max().orElseThrow());
  }

  private double good(Phase phase) {
    return Seen.perSecond(seenByOthers, phase, Seen::isGood);
  }

  private double p99(Phase phase) {
    return Seen.p99Millis(seenByOthers, phase, seen -> true);
  }

  private double sick(Phase phase, Predicate<Seen> which) {
    return Seen.perSecond(seenBySick, phase, which);
  }

  private int mostInside(Function<Round, Phase> which) {
    return rounds.stream().mapToInt(round -> which.apply(round).mostInside()).max().orElseThrow();
  }

  private double median(ToDoubleFunction<Round> figure) {
    return Estimate.ofMedian(rounds.stream().mapToDouble(figure).toArray()).median();
  }

  private static boolean isRejected(Seen seen) {
    return seen.status() == Seen.UNAVAILABLE;
  }

  /** Returns after how many seconds no request of the sick one failed any more. */
  private double recovery(Phase after) {
    long lastFailure = Seen.lastEnd(seenBySick, after, each -> !each.isGood());
    boolean recovered = Seen.lastEnd(seenBySick, after, Seen::isGood) - lastFailure > 0;
    return recovered ? (lastFailure - after.begin()) / 1e9 : Double.POSITIVE_INFINITY;
  }
}
