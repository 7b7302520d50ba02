package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** P3: pools that no one leases for a while expire. */
final class ExpiryTest {

  private static final Duration EXPIRY = Duration.ofMinutes(10);

  private static StubPools pools() {
    return new StubPools(
        PoolRegistry.builder().idleExpiry(EXPIRY).closeTimeout(Duration.ofMillis(100)));
  }

  @Test
  void unused_forTheExpiry_leaves() throws SQLException {
    try (StubPools pools = pools()) {
      pools.use("a");
      pools.clock.advance(EXPIRY);
      pools.registry.expireIdle();
      assertThat(pools.registry.snapshot().pools()).isEmpty();
    }
  }

  @Test
  void unused_shorterThanTheExpiry_stays() throws SQLException {
    try (StubPools pools = pools()) {
      pools.use("a");
      pools.clock.advance(EXPIRY.minusNanos(1));
      pools.registry.expireIdle();
      assertThat(pools.in(PoolPhase.OPEN)).containsExactly("a");
    }
  }

  @Test
  void leased_staysHoweverLong() throws SQLException {
    try (StubPools pools = pools();
        Lease a = pools.lease("a")) {
      pools.clock.advance(EXPIRY.multipliedBy(100));
      pools.registry.expireIdle();
      assertThat(pools.in(PoolPhase.OPEN)).containsExactly("a");
      a.getConnection().close();
    }
  }

  @Test
  void draining_doesNotExpire() throws SQLException {
    try (StubPools pools =
            new StubPools(
                PoolRegistry.builder()
                    .maximumPools(1)
                    .idleExpiry(EXPIRY)
                    .closeTimeout(Duration.ofMillis(100)));
        Lease a = pools.lease("a")) {
      pools.use("b");
      pools.clock.advance(EXPIRY);
      pools.registry.expireIdle();
      assertThat(pools.in(PoolPhase.DRAINING)).containsExactly("a");
    }
  }

  @Test
  void givingBack_isUse() throws SQLException {
    try (StubPools pools = pools()) {
      Lease a = pools.lease("a");
      pools.clock.advance(EXPIRY);
      a.close();
      pools.registry.expireIdle();
      assertThat(pools.in(PoolPhase.OPEN)).containsExactly("a");
    }
  }

  @Test
  void expired_closesItsConnections() throws SQLException {
    try (StubPools pools = pools()) {
      try (Lease a = pools.lease("a")) {
        a.getConnection().close();
      }
      pools.clock.advance(EXPIRY);
      pools.registry.expireIdle();
      await().until(() -> pools.stub("a").openConnections() == 0);
      assertThat(pools.stub("a").connectionsMade()).isEqualTo(1);
    }
  }

  @Test
  void expired_isCounted() throws SQLException {
    try (StubPools pools = pools()) {
      pools.use("a", "b");
      pools.clock.advance(EXPIRY);
      pools.use("b");
      pools.registry.expireIdle();
      assertThat(pools.registry.snapshot().totals())
          .extracting(
              RegistrySnapshot.Totals::made,
              RegistrySnapshot.Totals::evicted,
              RegistrySnapshot.Totals::expired,
              RegistrySnapshot.Totals::revived)
          .containsExactly(2L, 0L, 1L, 0L);
    }
  }

  @Test
  void expired_leavesRoomUnderTheBound() throws SQLException {
    try (StubPools pools =
        new StubPools(PoolRegistry.builder().maximumPools(1).idleExpiry(EXPIRY))) {
      pools.use("a");
      pools.clock.advance(EXPIRY);
      pools.registry.expireIdle();
      pools.use("b");
      assertThat(pools.registry.snapshot().totals().evicted()).isZero();
    }
  }

  @Test
  void unused_expiresWithoutACall() throws SQLException {
    try (PoolRegistry registry =
        PoolRegistry.builder().idleExpiry(Duration.ofMillis(100)).build()) {
      registry.lease(Database.of("jdbc:stub:nowhere")).close();
      await().until(() -> registry.snapshot().totals().expired() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "P365DT1S"})
  void idleExpiry_outOfItsBounds_isRefusedWithTheValue(Duration value) {
    assertThatThrownBy(() -> PoolRegistry.builder().idleExpiry(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("idle expiry", value.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "P365DT1S"})
  void closeTimeout_outOfItsBounds_isRefusedWithTheValue(Duration value) {
    assertThatThrownBy(() -> PoolRegistry.builder().closeTimeout(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("close timeout", value.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void maximumPools_belowOne_isRefusedWithTheValue(int value) {
    assertThatThrownBy(() -> PoolRegistry.builder().maximumPools(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maximum pools " + value);
  }
}
