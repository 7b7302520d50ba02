package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** P1 and P3: who leaves for the bound, and what becomes of a pool that is in use. */
final class EvictionTest {

  @Test
  void leased_whenItIsEvicted_finishesItsWork() throws SQLException {
    try (StubPools pools = StubPools.bound(1)) {
      try (Lease a = pools.lease("a");
          Connection connection = a.getConnection()) {
        run(connection, "INSERT before");
        try (Lease b = pools.lease("b");
            Connection other = b.getConnection()) {
          run(other, "INSERT b");
          other.commit();
        }
        pools.use("c");
        // Pools are closed in the order in which they leave: a would be by now.
        await().until(() -> pools.stub("b").openConnections() == 0);
        run(connection, "INSERT after");
        connection.commit();
      }
      assertThat(pools.stub("a").committed()).containsExactly("before", "after");
    }
  }

  @Test
  void leased_whenItIsEvicted_stillLendsToItsLease() throws SQLException {
    try (StubPools pools = StubPools.bound(1);
        Lease a = pools.lease("a")) {
      pools.use("b");
      try (Connection connection = a.getConnection()) {
        run(connection, "INSERT a");
        connection.commit();
      }
      assertThat(pools.stub("a").committed()).containsExactly("a");
    }
  }

  @Test
  void leased_whenItIsEvicted_drains() throws SQLException {
    try (StubPools pools = StubPools.bound(1);
        Lease a = pools.lease("a");
        Lease b = pools.lease("b")) {
      assertThat(pools.in(PoolPhase.OPEN)).containsExactly("b");
      assertThat(pools.in(PoolPhase.DRAINING)).containsExactly("a");
      assertThat(pools.pool("a").leases()).isEqualTo(1);
    }
  }

  @Test
  void draining_withLeasesLeft_keepsItsConnections() throws SQLException {
    try (StubPools pools = StubPools.bound(1);
        Lease one = pools.lease("a")) {
      Lease two = pools.lease("a");
      try (Connection connection = one.getConnection()) {
        pools.use("b");
        two.close();
        run(connection, "INSERT a");
        connection.commit();
      }
      assertThat(pools.stub("a").connectionsClosed()).isZero();
    }
  }

  @Test
  void draining_lastLeaseGivenBack_closesItsConnections() throws SQLException {
    try (StubPools pools = StubPools.bound(1)) {
      StubDatabase stub = pools.stub("a");
      try (Lease a = pools.lease("a")) {
        a.getConnection().close();
        pools.use("b");
      }
      await().until(() -> stub.openConnections() == 0);
      assertThat(pools.in(PoolPhase.DRAINING)).isEmpty();
      assertThat(stub.connectionsClosed()).isEqualTo(1);
    }
  }

  @Test
  void draining_leasedAgain_isTheSamePool() throws SQLException {
    try (StubPools pools = StubPools.bound(1);
        Lease first = pools.lease("a")) {
      String name = pools.pool("a").name();
      pools.use("b");
      try (Lease again = pools.lease("a")) {
        assertThat(pools.pool("a").name()).isEqualTo(name);
        assertThat(pools.pool("a").phase()).isEqualTo(PoolPhase.OPEN);
        assertThat(pools.pool("a").leases()).isEqualTo(2);
        assertThat(pools.registry.snapshot().totals())
            .extracting(
                RegistrySnapshot.Totals::made,
                RegistrySnapshot.Totals::evicted,
                RegistrySnapshot.Totals::expired,
                RegistrySnapshot.Totals::revived)
            .containsExactly(2L, 2L, 0L, 1L);
      }
    }
  }

  @Test
  void draining_leasedAgain_makesRoomForItself() throws SQLException {
    try (StubPools pools = StubPools.bound(1);
        Lease first = pools.lease("a");
        Lease other = pools.lease("b");
        Lease again = pools.lease("a")) {
      assertThat(pools.in(PoolPhase.OPEN)).containsExactly("a");
      assertThat(pools.in(PoolPhase.DRAINING)).containsExactly("b");
    }
  }

  @Test
  void revived_afterItsLastLease_staysOpenWithItsConnections() throws SQLException {
    try (StubPools pools = StubPools.bound(1)) {
      try (Lease first = pools.lease("a")) {
        first.getConnection().close();
        pools.use("b");
        pools.lease("a").close();
      }
      assertThat(pools.in(PoolPhase.OPEN)).containsExactly("a");
      assertThat(pools.stub("a").openConnections()).isEqualTo(1);
    }
  }

  @Test
  void leased_afterItWasClosed_isANewPool() throws SQLException {
    try (StubPools pools = StubPools.bound(1)) {
      pools.use("a");
      String first = pools.pool("a").name();
      pools.use("b", "a");
      assertThat(pools.pool("a").name()).isNotEqualTo(first);
    }
  }

  @Test
  void leastRecentlyUsed_leaves() throws SQLException {
    try (StubPools pools = StubPools.bound(3)) {
      pools.use("a", "b", "c", "a", "d");
      assertThat(pools.in(PoolPhase.OPEN)).containsExactly("a", "c", "d");
    }
  }

  @Test
  void leasing_isUse() throws SQLException {
    try (StubPools pools = StubPools.bound(2);
        Lease a = pools.lease("a");
        Lease b = pools.lease("b");
        Lease again = pools.lease("a")) {
      pools.use("c");
      assertThat(pools.in(PoolPhase.DRAINING)).containsExactly("b");
    }
  }

  @Test
  void givingBack_isUse() throws SQLException {
    try (StubPools pools = StubPools.bound(2)) {
      Lease a = pools.lease("a");
      pools.use("b");
      pools.clock.advance(Duration.ofSeconds(1));
      a.close();
      pools.use("c");
      assertThat(pools.in(PoolPhase.OPEN)).containsExactly("a", "c");
    }
  }

  @Test
  void leastRecentlyUsedButLeased_staysWhileAnotherIsNot() throws SQLException {
    try (StubPools pools = StubPools.bound(3);
        Lease a = pools.lease("a")) {
      pools.use("b", "c", "d");
      assertThat(pools.in(PoolPhase.OPEN)).containsExactly("a", "c", "d");
    }
  }

  @Test
  void allLeased_theLeastRecentlyUsedDrains() throws SQLException {
    try (StubPools pools = StubPools.bound(3);
        Lease a = pools.lease("a");
        Lease b = pools.lease("b");
        Lease c = pools.lease("c")) {
      pools.use("a", "d");
      assertThat(pools.in(PoolPhase.DRAINING)).containsExactly("b");
      assertThat(pools.in(PoolPhase.OPEN)).containsExactly("a", "c", "d");
    }
  }

  @Test
  void moreDatabasesThanTheBound_neverMoreOpenThanTheBound() throws SQLException {
    try (StubPools pools = StubPools.bound(3)) {
      for (int i = 0; i < 20; i++) {
        pools.use("database" + i);
        assertThat(pools.in(PoolPhase.OPEN)).hasSizeLessThanOrEqualTo(3);
      }
    }
  }

  @Test
  void moreLeasedThanTheBound_neverMoreOpenThanTheBound() throws SQLException {
    try (StubPools pools = StubPools.bound(3);
        Lease a = pools.lease("a");
        Lease b = pools.lease("b");
        Lease c = pools.lease("c");
        Lease d = pools.lease("d");
        Lease e = pools.lease("e")) {
      assertThat(pools.in(PoolPhase.OPEN)).containsExactly("c", "d", "e");
      assertThat(pools.in(PoolPhase.DRAINING)).containsExactly("a", "b");
    }
  }

  @Test
  void evicted_closesItsIdleConnections() throws SQLException {
    try (StubPools pools = StubPools.bound(1)) {
      try (Lease a = pools.lease("a")) {
        a.getConnection().close();
      }
      pools.use("b");
      await().until(() -> pools.stub("a").openConnections() == 0);
      assertThat(pools.stub("a").connectionsMade()).isEqualTo(1);
    }
  }

  @Test
  void totals_countMadeAndEvicted() throws SQLException {
    try (StubPools pools = StubPools.bound(2)) {
      pools.use("a", "b", "c", "b", "a");
      assertThat(pools.registry.snapshot().totals())
          .extracting(
              RegistrySnapshot.Totals::made,
              RegistrySnapshot.Totals::evicted,
              RegistrySnapshot.Totals::expired,
              RegistrySnapshot.Totals::revived)
          .containsExactly(4L, 2L, 0L, 0L);
    }
  }

  @Test
  void snapshot_namesWhoAPoolWasLeasedFor() throws SQLException {
    try (StubPools pools = StubPools.bound(2)) {
      pools.registry.lease(pools.database("a"), "zoe").close();
      pools.registry.lease(pools.database("a"), "acme").close();
      pools.registry.lease(pools.database("a"), "zoe").close();
      assertThat(pools.pool("a").labels()).isEqualTo(List.of("acme", "zoe"));
    }
  }

  @Test
  void snapshot_countsConnections() throws SQLException {
    try (StubPools pools = StubPools.bound(2);
        Lease a = pools.lease("a");
        Connection first = a.getConnection();
        Connection second = a.getConnection()) {
      second.close();
      assertThat(pools.pool("a").active()).isEqualTo(1);
      assertThat(pools.pool("a").idle()).isEqualTo(1);
      assertThat(pools.pool("a").waiting()).isZero();
    }
  }

  @Test
  void snapshot_hasPoolsInTheOrderTheyWereMade() throws SQLException {
    try (StubPools pools = StubPools.bound(20)) {
      for (int i = 0; i < 12; i++) {
        pools.use("database" + i);
      }
      List<String> names =
          pools.registry.snapshot().pools().stream().map(PoolSnapshot::name).toList();
      assertThat(names.get(1)).endsWith("pool-2");
      assertThat(names.get(11)).endsWith("pool-12");
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}
