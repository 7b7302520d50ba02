package dev.headgate.benchmarks.schema;

import dev.headgate.benchmarks.harness.Estimate;
import dev.headgate.benchmarks.harness.Length;
import dev.headgate.benchmarks.harness.MariaDb;
import dev.headgate.benchmarks.harness.Measurement;
import dev.headgate.benchmarks.harness.Pairs;
import dev.headgate.benchmarks.harness.Postgres;
import dev.headgate.benchmarks.harness.Report;
import dev.headgate.benchmarks.harness.Table;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.faults.Protocol;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Tenants in schemas of one pool: what a request costs whose connection has served another tenant,
 * and how many there are in a second, against a pool for each of as many databases.
 */
public final class SchemaMeasurement implements Measurement {

  private static final int SCHEMAS = 1000;

  /** Each is a copy of 7 MB, so that a thousand would need more disk than a measurement may. */
  private static final int DATABASES = 100;

  /** In total on either side. */
  private static final int CONNECTIONS = 10;

  private static final int CLIENTS = 8;

  @Override
  public String name() {
    return "schema";
  }

  @Override
  public String summary() {
    return "tenants in schemas of one pool, against a pool for each database (about 5 minutes)";
  }

  @Override
  public void run(Length length, Report report) throws Exception {
    report.line(
        "%d pairs of %s, after %d; medians. Both sides of requests a second have %d connections and %d clients."
            .formatted(length.pairs(), length.run(), length.warmUpPairs(), CONNECTIONS, CLIENTS));
    Table table = new Table(2, "", "", "first", "second", "first/second", "95 % interval");
    RoundTrips onPostgres;
    Estimate throughput;
    try (Postgres postgres = Postgres.start()) {
      create(postgres);
      onPostgres =
          RoundTrips.count(
              Protocol.POSTGRESQL,
              postgres.url(),
              SchemaMeasurement::inSchema,
              postgres.url() + "?currentSchema=t-0",
              database -> database.user(Postgres.USER));
      switches(
          table,
          "PostgreSQL",
          TenantDirectory.template(postgres.url(), SchemaMeasurement::inSchema),
          length);
      throughput = throughput(table, postgres, length);
    }
    RoundTrips onMariaDb;
    try (MariaDb mariaDb = MariaDb.start()) {
      for (int i = 0; i < 2; i++) {
        mariaDb.execute(
            "CREATE DATABASE `t-%d`".formatted(i),
            "CREATE TABLE `t-%1$d`.note AS SELECT 1 AS id, %1$d AS tenant".formatted(i));
      }
      onMariaDb =
          RoundTrips.count(
              Protocol.MARIADB,
              mariaDb.url(),
              SchemaMeasurement::inCatalog,
              mariaDb.url().replace("/test?", "/t-0?"),
              database -> database.user(MariaDb.USER));
      switches(
          table,
          "MariaDB",
          TenantDirectory.template(mariaDb.url(), SchemaMeasurement::inCatalog),
          length);
    }
    report.table(table);
    report.line("Wanted: at most one round trip for a switch, and none without.");
    report.result("schema.switch_round_trips.postgresql", "%d", onPostgres.withSwitch());
    report.result("schema.same_round_trips.postgresql", "%d", onPostgres.same());
    report.result("schema.switch_round_trips.mariadb", "%d", onMariaDb.withSwitch());
    report.result("schema.same_round_trips.mariadb", "%d", onMariaDb.same());
    report.result("schema.throughput_ratio", "%.3f", throughput.median());
  }

  private static Database.Builder inSchema(Database.Builder database) {
    return database.user(Postgres.USER).schema("{tenant}");
  }

  private static Database.Builder inCatalog(Database.Builder database) {
    return database.user(MariaDb.USER).catalog("{tenant}");
  }

  private static void create(Postgres postgres) throws SQLException {
    postgres.execute(
        """
        DO $$ BEGIN
          FOR i IN 0..%d LOOP
            EXECUTE format('CREATE SCHEMA "t-%%s"', i);
            EXECUTE format('CREATE TABLE "t-%%s".note AS SELECT 1 AS id, %%s AS tenant', i, i);
            -- One transaction may not lock all of them.
            IF i %% 100 = 0 THEN COMMIT; END IF;
          END LOOP;
        END $$
        """
            .formatted(SCHEMAS - 1));
    for (int i = 0; i < DATABASES; i++) {
      postgres.execute("CREATE DATABASE \"t-%d\"".formatted(i));
      postgres.executeIn(
          "t-" + i, "CREATE TABLE note AS SELECT 1 AS id, %d AS tenant".formatted(i));
    }
  }

  /** Compares a request whose connection has served another tenant with one where it has not. */
  private static void switches(Table table, String server, TenantDirectory directory, Length length)
      throws Exception {
    try (RoutingDataSource dataSource = RoundTrips.dataSource(directory)) {
      Requests requests = new Requests(dataSource);
      Pairs<Double> pairs =
          run(
              () -> requests.micros(length.run(), 0, 1),
              () -> requests.micros(length.run(), 0),
              length);
      row(table, server, "microseconds a request, with a switch and without", pairs);
    }
  }

  private static Estimate throughput(Table table, Postgres postgres, Length length)
      throws Exception {
    PoolSettings defaults = PoolSettings.defaults().withBorrowTimeout(Duration.ofMinutes(1));
    TenantDirectory databases =
        TenantDirectory.template(
            postgres.url("{tenant}"), database -> database.user(Postgres.USER));
    try (RoutingDataSource shared =
            RoutingDataSource.builder(
                    TenantDirectory.template(postgres.url(), SchemaMeasurement::inSchema))
                .pool(defaults.withMaximumSize(CONNECTIONS))
                .build();
        RoutingDataSource apart =
            RoutingDataSource.builder(databases)
                .pool(defaults.withMaximumSize(1))
                .maximumPools(CONNECTIONS)
                .build()) {
      Pairs<Double> pairs =
          run(
              () -> new Requests(shared).perSecond(length.run(), SCHEMAS, CLIENTS),
              () -> new Requests(apart).perSecond(length.run(), DATABASES, CLIENTS),
              length);
      String what =
          "requests a second, %d schemas of one pool and a pool for each of %d databases"
              .formatted(SCHEMAS, DATABASES);
      row(table, "PostgreSQL", what, pairs);
      return pairs.ratio(Double::doubleValue);
    }
  }

  private static Pairs<Double> run(Callable<Double> one, Callable<Double> other, Length length)
      throws Exception {
    Pairs<Double> warmUp = new Pairs<>(one, other);
    for (int i = 0; i < length.warmUpPairs(); i++) {
      warmUp.runNext();
    }
    Pairs<Double> pairs = new Pairs<>(one, other);
    for (int i = 0; i < length.pairs(); i++) {
      pairs.runNext();
    }
    return pairs;
  }

  private static void row(Table table, String server, String what, Pairs<Double> pairs) {
    Estimate ratio = pairs.ratio(Double::doubleValue);
    table.row(
        server,
        what,
        String.format(Locale.ROOT, "%.0f", pairs.one(Double::doubleValue).median()),
        String.format(Locale.ROOT, "%.0f", pairs.other(Double::doubleValue).median()),
        String.format(Locale.ROOT, "%.3f", ratio.median()),
        ratio.interval("%.3f"));
  }
}
