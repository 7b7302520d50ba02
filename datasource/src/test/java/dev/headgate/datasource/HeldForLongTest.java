package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.pool.HeldConnection;
import dev.headgate.datasource.pool.PoolRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Units of work say whose connections are held for long, and by a scheduler it is logged. */
class HeldForLongTest {

  private RoutingDataSource dataSource;

  @AfterEach
  void close() {
    dataSource.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"unit", "none"})
  void unitThatHasAConnectionForLong_isReportedWithTenantAndName(String transactions)
      throws SQLException {
    dataSource =
        RoutingDataSource.of(
            Map.of(
                "database.url",
                "jdbc:h2:mem:" + UUID.randomUUID(),
                "transactions",
                transactions,
                "pools.report-held-after",
                "PT0.001S"));
    try (CapturedLog log = CapturedLog.of(PoolRegistry.class.getPackage());
        UnitOfWork work =
            dataSource.begin(TenantId.ONLY, UnitOptions.defaults().named(() -> "the nightly job"));
        Connection connection = dataSource.getConnection()) {
      await()
          .untilAsserted(
              () ->
                  assertThat(log.text())
                      .containsOnlyOnce(
                          "by now, of " + TenantId.ONLY + ", the nightly job, thread"));
      List<HeldConnection> held = dataSource.snapshot().held();
      assertThat(held).hasSize(1);
      assertThat(held.get(0).label()).contains(TenantId.ONLY.value());
      assertThat(held.get(0).work()).contains("the nightly job");
    }
    assertThat(dataSource.snapshot().held()).isEmpty();
  }
}
