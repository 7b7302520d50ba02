package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool that makes room for one with other settings. */
class RetireTest {

  private final StubDatabase stub = StubDatabase.create(UUID.randomUUID().toString());
  private final PoolRegistry registry = PoolRegistry.builder().build();
  private final Database four = sized(4);
  private final Database five = sized(5);

  @AfterEach
  void close() {
    registry.close();
    stub.close();
  }

  private Database sized(int size) {
    return Database.builder(stub.url()).pool(PoolSettings.defaults().withMaximumSize(size)).build();
  }

  private void use(Database database) throws SQLException {
    try (Lease lease = registry.lease(database);
        Connection connection = lease.getConnection()) {
      assertThat(connection.isValid(1)).isTrue();
    }
  }

  @Test
  void anIdlePool_isClosed() throws SQLException {
    use(four);
    registry.retire(four);
    assertThat(registry.snapshot().pools()).isEmpty();
    await().until(() -> stub.openConnections() == 0);
    use(five);
  }

  @Test
  void aLeasedPool_drains_besideTheOneInItsPlace() throws SQLException {
    try (Lease lease = registry.lease(four);
        Connection connection = lease.getConnection()) {
      registry.retire(four);
      use(five);
      assertThat(connection.isValid(1)).as("never closed in use").isTrue();
      assertThat(registry.snapshot().pools())
          .extracting(PoolSnapshot::phase)
          .containsExactly(PoolPhase.DRAINING, PoolPhase.OPEN);
    }
    assertThat(registry.snapshot().pools())
        .singleElement()
        .extracting(PoolSnapshot::database)
        .isEqualTo(five);
  }

  /** A tenant has moved, and somebody began before that. */
  @Test
  void replaced_itServesWhoComesLate_andDrainsAllTheSame() throws SQLException {
    try (Lease lease = registry.lease(four)) {
      registry.retire(four, EvictionReason.REPLACED);
      use(four);
      assertThat(registry.snapshot().pools())
          .extracting(PoolSnapshot::phase)
          .containsExactly(PoolPhase.DRAINING);
    }
    assertThat(registry.snapshot().pools()).isEmpty();
  }

  @Test
  void withAnotherInItsPlace_itDoesNotComeBack() throws SQLException {
    try (Lease lease = registry.lease(four)) {
      registry.retire(four);
      use(five);
      assertThatThrownBy(() -> use(four)).isInstanceOf(PoolConflictException.class);
    }
    use(five);
  }

  @Test
  void withNoneInItsPlace_itComesBack_andIsInTheWayAgain() throws SQLException {
    try (Lease lease = registry.lease(four)) {
      registry.retire(four);
      use(four);
      assertThatThrownBy(() -> use(five)).isInstanceOf(PoolConflictException.class);
    }
  }

  @Test
  void onceItIsGone_theOldSettingsAreAConflict() throws SQLException {
    use(four);
    registry.retire(four);
    use(five);
    PoolConflictException conflict =
        catchThrowableOfType(PoolConflictException.class, () -> use(four));
    assertThat(conflict.existing()).isEqualTo(five);
  }

  @Test
  void withoutAPool_nothingHappens() throws SQLException {
    registry.retire(four);
    use(four);
    assertThatThrownBy(() -> use(five)).isInstanceOf(PoolConflictException.class);
  }

  @Test
  void aRetiredPool_makesRoomUnderTheBound() throws SQLException {
    try (PoolRegistry bounded = PoolRegistry.builder().maximumPools(1).build();
        Lease lease = bounded.lease(four)) {
      bounded.retire(four);
      bounded.lease(five).close();
      assertThat(bounded.snapshot().totals().evicted()).isZero();
    }
  }

  @Test
  void databasesHaveTheSamePool_ifTheyAreEqualWithTheDefaults() {
    Database plain = Database.of(stub.url());
    Database explicit = sized(PoolSettings.defaults().maximumSize());
    assertThat(registry.samePool(plain, explicit)).isTrue();
    assertThat(registry.samePool(four, five)).isFalse();
  }

  @Test
  void connectionsAreInTheModeThatIsSet() throws SQLException {
    try (PoolRegistry committing = PoolRegistry.builder().autoCommit(true).build();
        Lease lease = committing.lease(four);
        Lease other = registry.lease(four)) {
      try (Connection connection = lease.getConnection()) {
        assertThat(connection.getAutoCommit()).isTrue();
        connection.setAutoCommit(false);
      }
      try (Connection connection = lease.getConnection()) {
        assertThat(connection.getAutoCommit()).as("reset").isTrue();
      }
      try (Connection connection = other.getConnection()) {
        assertThat(connection.getAutoCommit()).isFalse();
      }
    }
  }
}
