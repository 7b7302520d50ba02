package dev.headgate.frameworks.suite;

import static dev.headgate.frameworks.suite.Notebook.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.faults.FaultProxy;
import dev.headgate.faults.Protocol;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a framework's transaction sends in a request, and on a pool without Headgate. */
@ExtendWith(Notebooks.class)
class RoundTripsTest {

  private record RoundTrips(long ofANote, long ofABatch) {}

  /** Does work in a unit, or as it is. */
  @FunctionalInterface
  private interface Play {
    void play(Work work) throws Exception;
  }

  private static final Pattern PORT = Pattern.compile("//[^:/]+:(\\d+)/");

  /** A pool looks whether a connection lives that has lain idle; a busy machine may see it. */
  private static final int TRIES = 10;

  @TestFactory
  Stream<DynamicNode> areNoMoreThanOnAPlainPool() {
    return Cases.of(
        Promise.ROUND_TRIPS,
        Transactions.UNIT,
        (notebook, place, kind) -> {
          Protocol protocol =
              notebook.dbms == Dbms.MARIADB ? Protocol.MARIADB : Protocol.POSTGRESQL;
          try (FaultProxy proxy = proxy(notebook, protocol)) {
            String url = through(proxy, notebook);
            RoundTrips plain = onAPlainPool(notebook, kind, url, proxy);
            RoundTrips unit = inAUnit(notebook, place, kind, url, proxy);
            assertThat(unit.ofANote).as("of a note").isLessThanOrEqualTo(plain.ofANote);
            // It reads before its transaction, which then begins with a savepoint.
            int more = kind == Kind.ECLIPSELINK ? 1 : 0;
            assertThat(unit.ofABatch)
                .as("of a batch of ten")
                .isLessThanOrEqualTo(plain.ofABatch + more)
                .isLessThan(10);
          }
        });
  }

  /** The one promise that a JdbcTemplate has not. */
  @Test
  void ofAStatementWithoutATransaction_areOneMore() throws Exception {
    Notebook notebook = Notebooks.of(Dbms.POSTGRESQL, Transactions.UNIT);
    try (FaultProxy proxy = proxy(notebook, Protocol.POSTGRESQL)) {
      String url = through(proxy, notebook);
      assertThat(inAUnit(notebook, Place.JOB, Kind.JDBC_TEMPLATE, url, proxy).ofANote)
          .isEqualTo(1 + onAPlainPool(notebook, Kind.JDBC_TEMPLATE, url, proxy).ofANote);
    }
  }

  private static Matcher port(Notebook notebook) throws Exception {
    Matcher port = PORT.matcher(notebook.dbms.database(ACME.value()).url());
    assertThat(port.find()).isTrue();
    return port;
  }

  private static FaultProxy proxy(Notebook notebook, Protocol protocol) throws Exception {
    return FaultProxy.to("localhost", Integer.parseInt(port(notebook).group(1)), protocol);
  }

  private static String through(FaultProxy proxy, Notebook notebook) throws Exception {
    return port(notebook).replaceFirst("//127.0.0.1:" + proxy.port() + "/");
  }

  private static RoundTrips onAPlainPool(Notebook notebook, Kind kind, String url, FaultProxy proxy)
      throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user(notebook));
    // Without Headgate, REQUIRES_NEW needs a second one.
    config.setMaximumPoolSize(2);
    try (HikariDataSource pool = new HikariDataSource(config);
        Framework framework = kind.start(pool, notebook.dbms)) {
      return count(notebook, proxy, framework, Work::run);
    }
  }

  private static String user(Notebook notebook) throws Exception {
    return notebook.dbms.database(ACME.value()).user().orElseThrow();
  }

  private static RoundTrips inAUnit(
      Notebook notebook, Place place, Kind kind, String url, FaultProxy proxy) throws Exception {
    Database database = Database.builder(url).user(user(notebook)).build();
    try (RoutingDataSource dataSource =
            RoutingDataSource.builder(TenantDirectory.of(Map.of(ACME.value(), database)))
                .pool(PoolSettings.defaults().withMaximumSize(1))
                .build();
        Framework framework = kind.start(dataSource, notebook.dbms);
        Stage stage = place.open(dataSource)) {
      return count(notebook, proxy, framework, work -> stage.play(ACME, work));
    }
  }

  private static RoundTrips count(
      Notebook notebook, FaultProxy proxy, Framework framework, Play play) throws Exception {
    notebook.clear();
    notebook.addTen(ACME);
    long ofABatch = least(proxy, () -> play.play(framework::changeAll));
    return new RoundTrips(least(proxy, () -> play.play(() -> framework.add("a note"))), ofABatch);
  }

  private static long least(FaultProxy proxy, Work work) throws Exception {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      long before = proxy.roundTrips();
      work.run();
      least = Math.min(least, proxy.roundTrips() - before);
    }
    assertThat(least).isPositive();
    return least;
  }
}
