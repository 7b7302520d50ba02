package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.TimeoutsTable.Row;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The timeouts of pools are those of docs/configuration.md. */
final class PoolTimeoutsTest {

  private static final PoolSettings POOL = PoolSettings.defaults();

  private static Duration pauses() {
    long all = 0;
    for (long pause = Connector.SHORTEST_PAUSE_MILLIS;
        pause <= Connector.LONGEST_PAUSE_MILLIS;
        pause *= 2) {
      all += pause;
    }
    return Duration.ofMillis(all);
  }

  @Test
  void theTable_isTrueAndComplete() {
    assertThat(TimeoutsTable.rows("pool"))
        .containsExactly(
            new Row("pool.borrow-timeout", POOL.borrowTimeout()),
            new Row("pool.connect-timeout", POOL.connectTimeout()),
            new Row("pool.socket-timeout", POOL.socketTimeout()),
            new Row("fixed, a quarter of pool.borrow-timeout", POOL.validationTimeout()),
            new Row("pool.idle-timeout", POOL.idleTimeout()),
            new Row("pool.maximum-lifetime", POOL.maximumLifetime()),
            new Row("pools.patience", PoolRegistry.Builder.PATIENCE),
            new Row("pools.longest-retry-interval", PoolRegistry.Builder.LONGEST_RETRY_INTERVAL),
            new Row("fixed, in pools", Duration.ofNanos(PooledConnections.LONGEST_TRY_NANOS)),
            new Row("fixed, in pools", Duration.ofNanos(Leases.LONGEST_STANDBY_NANOS)),
            new Row("fixed, in pools", pauses()),
            new Row("fixed, in pools", Duration.ofNanos(ConnectLimit.OVERDUE_UNKNOWN)),
            new Row("pools.idle-expiry", PoolRegistry.Builder.IDLE_EXPIRY),
            new Row("pools.close-timeout", PoolRegistry.Builder.CLOSE_TIMEOUT));
  }

  /** What has been tried again is not the first borrower's any more. */
  @Test
  void whoeverConnects_learnsTheReasonWithinTheBorrowTimeout() {
    assertThat(POOL.connectTimeout().plus(pauses())).isLessThan(POOL.borrowTimeout());
  }
}
