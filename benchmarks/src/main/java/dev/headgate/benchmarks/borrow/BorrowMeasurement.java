package dev.headgate.benchmarks.borrow;

import dev.headgate.benchmarks.harness.BareDriver;
import dev.headgate.benchmarks.harness.Estimate;
import dev.headgate.benchmarks.harness.Length;
import dev.headgate.benchmarks.harness.Measurement;
import dev.headgate.benchmarks.harness.Report;
import dev.headgate.benchmarks.harness.Table;
import dev.headgate.datasource.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Getting and closing a connection of the right tenant, when all are open: HikariCP's pool by
 * itself, what others do to find it, and Headgate. The driver is one without a database, so that
 * nothing else is in the figures; tenants are drawn at random.
 */
public final class BorrowMeasurement implements Measurement {

  private static final List<Integer> TENANTS = List.of(1, 1000, 10_000);

  /** Units of work are compared at one number of tenants, this one if there are as many. */
  private static final int UNIT_TENANTS = 1000;

  private static final List<String> PEERS = List.of("hikari", "spring", "dynamic");
  private static final List<String> UNITS = List.of("one", "three");

  /** A turn takes a tenth of a run, seen and unseen: of so short work that is a lot. */
  private static final int TURNS_IN_A_RUN = 10;

  @Override
  public String name() {
    return "borrow";
  }

  @Override
  public String summary() {
    return "getting a connection of the right tenant, against other ways to it (about 5 minutes)";
  }

  @Override
  @SuppressWarnings("try") // the driver is there for the pools
  public void run(Length length, Report report) throws Exception {
    // JMH would leave the file of its lock behind.
    System.setProperty("jmh.ignoreLock", "true");
    // While the others have their turn, connections lie idle so long that HikariCP would ask
    // whether they are alive.
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "86400000");
    List<Integer> numbers = TENANTS.stream().filter(each -> each <= length.pools()).toList();
    int ofUnits = Math.min(UNIT_TENANTS, length.pools());
    try (BareDriver driver = BareDriver.register(Duration.ZERO)) {
      List<Peers> open = new ArrayList<>();
      try {
        for (int tenants : numbers) {
          open.add(Peers.open(tenants, Transactions.NONE));
        }
        open.add(Peers.open(ofUnits, Transactions.UNIT));
        compare(numbers, ofUnits, length, report);
      } finally {
        open.forEach(Peers::close);
      }
    }
  }

  private static void compare(List<Integer> numbers, int ofUnits, Length length, Report report)
      throws Exception {
    List<Turn> turns = new ArrayList<>();
    for (int tenants : numbers) {
      PEERS.forEach(peer -> turns.add(routed(peer, tenants)));
      turns.add(routed("headgate", tenants));
    }
    turns.add(unit("handwritten", ofUnits));
    UNITS.forEach(kind -> turns.add(unit(kind, ofUnits)));
    Duration each = length.run().dividedBy(TURNS_IN_A_RUN);
    report.line(
        "%d rounds of a turn of %s each, after %d; medians of nanoseconds, lower is better"
            .formatted(length.pairs(), each, length.warmUpPairs()));
    new Rounds(turns, each).run(length.warmUpPairs());
    Rounds rounds = new Rounds(turns, each);
    rounds.run(length.pairs());
    report(rounds, numbers, ofUnits, report);
  }

  private static Turn routed(String method, int tenants) {
    return new Turn(RoutedBorrow.class, method, tenants);
  }

  private static Turn unit(String method, int tenants) {
    return new Turn(UnitBorrow.class, method, tenants);
  }

  private static void report(Rounds rounds, List<Integer> numbers, int ofUnits, Report report) {
    Table table =
        new Table(2, "tenants", "", "Headgate", "other", "Headgate/other", "95 % interval");
    for (int tenants : numbers) {
      for (String peer : PEERS) {
        Estimate ratio = row(table, rounds, routed("headgate", tenants), routed(peer, tenants));
        report.result(
            "borrow.headgate_over_%s.t%d".formatted(peer, tenants), "%.3f", ratio.median());
      }
    }
    for (String kind : UNITS) {
      Estimate ratio = row(table, rounds, unit(kind, ofUnits), unit("handwritten", ofUnits));
      report.result("borrow.unit_over_handwritten." + kind, "%.3f", ratio.median());
    }
    report.table(table);
    report.line(
        "Wanted: at 1 and 1000 tenants at most 1.30 of hikari and 1.00 of spring; at 10000 at most"
            + " 1.3 of 1000.");
  }

  private static Estimate row(Table table, Rounds rounds, Turn headgate, Turn other) {
    Estimate ratio = rounds.ratio(headgate, other);
    table.row(
        Integer.toString(headgate.tenants()),
        headgate.method() + " over " + other.method(),
        "%.0f".formatted(rounds.nanos(headgate).median()),
        "%.0f".formatted(rounds.nanos(other).median()),
        String.format(Locale.ROOT, "%.3f", ratio.median()),
        ratio.interval("%.3f"));
    return ratio;
  }
}
