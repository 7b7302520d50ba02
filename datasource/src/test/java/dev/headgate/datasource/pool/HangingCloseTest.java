package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.Fault;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection whose {@code close()} hangs holds up no other pool, nor the end of all. */
@Timeout(30)
final class HangingCloseTest {

  private static final Duration EXPIRY = Duration.ofMinutes(10);

  /** HikariCP gives up on a close after ten seconds. */
  private static final Duration PROMPTLY = Duration.ofSeconds(5);

  private final long start = System.nanoTime();
  private final CountDownLatch closes = new CountDownLatch(1);
  private final StubPools pools =
      new StubPools(
          PoolRegistry.builder()
              .maximumPools(3)
              .idleExpiry(EXPIRY)
              .closeTimeout(Duration.ofMillis(200)));

  @BeforeEach
  void open() throws SQLException {
    connect("sick");
    pools.stub("sick").arm("Connection.close()"::equals, Fault.blockBefore(closes)).always();
  }

  @AfterEach
  void close() {
    closes.countDown();
    await().until(() -> pools.stub("sick").openConnections() == 0);
    pools.close();
  }

  private void connect(String name) throws SQLException {
    try (Lease lease = pools.lease(name)) {
      lease.getConnection().close();
    }
  }

  private void assertThatTheOtherComesAndGoes() throws SQLException {
    connect("well");
    pools.registry.retire(pools.database("well"));
    await().until(() -> pools.stub("well").openConnections() == 0);
    connect("well");
    assertThatItWasPromptly();
  }

  private void assertThatItWasPromptly() {
    assertThat(pools.stub("sick").openConnections()).isEqualTo(1);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPTLY);
  }

  @Test
  void ofARetiredPool() throws SQLException {
    pools.registry.retire(pools.database("sick"));
    assertThatTheOtherComesAndGoes();
  }

  @Test
  void ofAnEvictedPool() throws SQLException {
    for (String more : List.of("one", "two", "three")) {
      connect(more);
    }
    assertThat(pools.in(PoolPhase.OPEN)).doesNotContain("sick");
    assertThatTheOtherComesAndGoes();
  }

  @Test
  void ofAnExpiredPool() throws SQLException {
    connect("well");
    pools.clock.advance(EXPIRY);
    pools.registry.expireIdle();
    await().until(() -> pools.stub("well").openConnections() == 0);
    assertThatTheOtherComesAndGoes();
  }

  @Test
  void ofALostConnection() throws SQLException {
    try (Lease lease = pools.lease("sick")) {
      lease.discard(lease.getConnection());
    }
    assertThatTheOtherComesAndGoes();
  }

  @Test
  void atTheEnd() throws SQLException {
    connect("well");
    pools.registry.close();
    await().until(() -> pools.stub("well").openConnections() == 0);
    assertThatItWasPromptly();
  }
}
