package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.BorrowDeadlockException;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.DatabaseUnavailableException;
import dev.headgate.datasource.pool.PoolSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** P4 for units of work that need several connections of a server. */
@Timeout(60)
final class UnitsInsideUnitsTest {

  private static final TenantId ACME = TenantId.of("acme");
  private static final TenantId GLOBEX = TenantId.of("globex");

  private RoutingDataSource dataSource;

  @AfterEach
  void close() {
    dataSource.close();
  }

  private void start(int budget, int poolSize, Duration borrowTimeout, Transactions transactions) {
    Database acme = Database.builder(Tenants.newH2().url()).server("s").build();
    Database globex = Database.builder(Tenants.newH2().url()).server("s").build();
    Database shared = Database.builder(Tenants.newH2().url()).server("s").build();
    dataSource =
        RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", acme, "globex", globex)))
            .bind("shared", tenant -> shared)
            .transactions(transactions)
            .budget(budget)
            .pool(
                PoolSettings.defaults().withMaximumSize(poolSize).withBorrowTimeout(borrowTimeout))
            .build();
  }

  @Test
  void aUnitInsideOneThatHasTheOnlyConnection_isRefusedAtOnce_andTheOuterOneGoesOn()
      throws SQLException {
    start(5, 1, Duration.ofMinutes(1), Transactions.UNIT);
    try (UnitOfWork outer = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection()) {
      connection.createStatement().execute("CREATE TABLE note (text VARCHAR(100))");
      try (UnitOfWork inner = dataSource.beginIndependent(ACME, UnitOptions.defaults())) {
        assertThatThrownBy(dataSource::getConnection).isInstanceOf(BorrowDeadlockException.class);
      }
      Tenants.insert(connection, "kept");
      outer.finish();
      assertThat(outer.outcome()).contains(Outcome.COMMITTED);
    }
  }

  @Test
  void aBindOnAServerWhoseBudgetTheUnitHas_isRefusedAtOnce() throws SQLException {
    start(1, 1, Duration.ofMinutes(1), Transactions.UNIT);
    try (UnitOfWork unit = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection()) {
      assertThatThrownBy(() -> dataSource.bind("shared").getConnection())
          .isInstanceOf(BorrowDeadlockException.class)
          .hasMessageContaining("raise the budget of s");
    }
  }

  @Test
  void twoUnitsThatWaitForEachOther_oneIsRefused_andTheOtherGoesOn() throws Exception {
    start(2, 2, Duration.ofMinutes(1), Transactions.UNIT);
    CyclicBarrier bothHaveOne = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Boolean> one = threads.submit(() -> getsBoth(ACME, bothHaveOne));
      Future<Boolean> two = threads.submit(() -> getsBoth(GLOBEX, bothHaveOne));
      assertThat(one.get(30, TimeUnit.SECONDS)).isNotEqualTo(two.get(30, TimeUnit.SECONDS));
    } finally {
      threads.shutdownNow();
    }
  }

  private boolean getsBoth(TenantId tenant, CyclicBarrier bothHaveOne) throws Exception {
    try (UnitOfWork unit = dataSource.begin(tenant);
        Connection own = dataSource.getConnection()) {
      bothHaveOne.await();
      try (Connection shared = dataSource.bind("shared").getConnection()) {
        return true;
      } catch (BorrowDeadlockException e) {
        return false;
      }
    }
  }

  @Test
  void withoutTransactionsOfItsOwn_itWaits_sinceAnotherThreadMayCloseTheFirst()
      throws SQLException {
    start(5, 1, Duration.ofMillis(250), Transactions.NONE);
    try (UnitOfWork unit = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection()) {
      assertThatThrownBy(dataSource::getConnection)
          .isExactlyInstanceOf(DatabaseUnavailableException.class);
    }
  }
}
