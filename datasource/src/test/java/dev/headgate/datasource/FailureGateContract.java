package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.DatabaseUnavailableException;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.faults.FaultProxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three tenants on a server behind a proxy, with what its driver says when it can't be had. */
@Timeout(120)
abstract class FailureGateContract {

  private static final List<TenantId> BEHIND =
      List.of(TenantId.of("one"), TenantId.of("two"), TenantId.of("three"));

  private static final TenantId GONE = TenantId.of("gone");
  private static final TenantId ELSEWHERE = TenantId.of("elsewhere");

  private static final Duration INTERVAL = Duration.ofMillis(500);

  /** Two attempts are no closer together than that, but for the first two. */
  private static final long LEAST_INTERVAL_MILLIS = 187;

  private static final int TIMES = 20;

  private FaultProxy proxy;
  private RoutingDataSource dataSource;

  abstract FaultProxy proxy() throws SQLException;

  /** Returns a database, through the proxy at a port if there is one. */
  abstract Database.Builder database(String name, int port) throws SQLException;

  /** Returns the URL of a database that there is not. */
  abstract Database.Builder gone(int port) throws SQLException;

  @BeforeEach
  void start() throws SQLException {
    proxy = proxy();
    int port = proxy.port();
    dataSource =
        RoutingDataSource.builder(
                TenantDirectory.of(
                    Map.of(
                        "one", database("gate_one", port).build(),
                        "two", database("gate_two", port).build(),
                        "three", database("gate_three", port).build(),
                        "gone", gone(port).build(),
                        "elsewhere", database("gate_elsewhere", 0).build())))
            .pool(
                PoolSettings.defaults()
                    .withBorrowTimeout(Duration.ofMillis(1500))
                    .withConnectTimeout(Duration.ofSeconds(1)))
            .longestRetryInterval(INTERVAL)
            .closeTimeout(Duration.ofMillis(100))
            .build();
  }

  @AfterEach
  void end() {
    dataSource.close();
    proxy.close();
  }

  private void use(TenantId tenant) throws SQLException {
    dataSource.forTenant(tenant).getConnection().close();
  }

  private Throwable failToUse(TenantId tenant) {
    Throwable failure = catchThrowable(() -> use(tenant));
    assertThat(failure).isInstanceOf(DatabaseUnavailableException.class);
    return failure;
  }

  private void failOften(List<TenantId> tenants) {
    for (int i = 0; i < TIMES; i++) {
      tenants.forEach(this::failToUse);
    }
  }

  @Test
  void serverThatHangs_isTriedByOneForAll_andFoundWhenItIsBack() throws SQLException {
    proxy.hang();
    long start = System.nanoTime();
    failOften(BEHIND);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    assertThat(proxy.connectionsMade()).isBetween(2L, 3 + millis / LEAST_INTERVAL_MILLIS);
    use(ELSEWHERE);

    proxy.restore();
    BEHIND.forEach(this::awaitUse);
  }

  @Test
  void serverThatRefuses_turnsAllAwayAtOnce_andIsFoundWhenItIsBack() throws SQLException {
    proxy.refuse();
    failToUse(BEHIND.get(0));
    failToUse(BEHIND.get(1));
    // Nobody tries for this one, whose own pool has never failed.
    await()
        .untilAsserted(
            () -> {
              failToUse(BEHIND.get(1));
              assertThat(failToUse(BEHIND.get(2))).hasMessageContaining("failed");
            });
    use(ELSEWHERE);

    proxy.restore();
    BEHIND.forEach(this::awaitUse);
  }

  private void awaitUse(TenantId tenant) {
    // The longest interval with its quarter, and a second.
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(INTERVAL.multipliedBy(5).dividedBy(4).plusSeconds(1))
        .ignoreExceptions()
        .untilAsserted(() -> use(tenant));
  }

  @Test
  void databaseThatIsGone_isItsOwnTrouble() throws SQLException {
    long before = proxy.connectionsMade();
    long start = System.nanoTime();
    failOften(List.of(GONE, GONE, GONE));
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    assertThat(proxy.connectionsMade() - before).isBetween(2L, 3 + millis / LEAST_INTERVAL_MILLIS);
    for (TenantId tenant : BEHIND) {
      use(tenant);
    }
  }

  @Test
  void allConnectionsAreCut_nobodyIsTurnedAway() throws SQLException {
    for (TenantId tenant : BEHIND) {
      use(tenant);
    }
    for (int i = 0; i < TIMES; i++) {
      proxy.cutAll();
      for (TenantId tenant : BEHIND) {
        // It may get a connection whose end nobody has seen yet, and no gate is in its way.
        Throwable failure = catchThrowable(() -> use(tenant));
        assertThat(String.valueOf(failure)).doesNotContain("can't be connected to");
      }
    }
  }
}
