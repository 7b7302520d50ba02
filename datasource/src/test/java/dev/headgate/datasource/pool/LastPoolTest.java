package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A database remembers to which pool it led: of this registry, and as long as that gives leases.
 */
@Timeout(60)
final class LastPoolTest {

  private final StubDatabase stub = StubDatabase.create(UUID.randomUUID().toString());
  private final Database database = Database.of(stub.url());
  private final List<PoolRegistry> registries = new ArrayList<>();
  private final PoolRegistry registry = registry();

  private PoolRegistry registry() {
    PoolRegistry made =
        PoolRegistry.builder().settings(PoolSettings.defaults().withMaximumSize(16)).build();
    registries.add(made);
    return made;
  }

  @AfterEach
  void close() {
    registries.forEach(PoolRegistry::close);
    stub.close();
  }

  private static Connection borrow(PoolRegistry from, Database database) throws SQLException {
    return from.borrow(database, "label", null, null);
  }

  private Pool pool() {
    Pool last = database.lastPool();
    assertThat(last).isNotNull();
    return last;
  }

  @Test
  void usedInTwoRegistries_eachHasAPoolOfItsOwn() throws SQLException {
    PoolRegistry other = registry();
    for (int i = 0; i < 3; i++) {
      for (PoolRegistry each : registries) {
        Connection connection = borrow(each, database);
        assertThat(each.snapshot().pools()).hasSize(1);
        assertThat(each.snapshot().pools().get(0).leases()).isOne();
        each.giveBack(connection);
      }
    }
    assertThat(stub.connectionsMade()).isEqualTo(2);
    assertThat(registry.labels(database)).isEqualTo(other.labels(database));
  }

  @Test
  void poolIsClosed_itIsNotKept_andTheNextOneIsAnother() throws SQLException {
    registry.giveBack(borrow(registry, database));
    Pool first = pool();
    registry.retire(database);
    assertThat(database.lastPool()).isNull();
    registry.giveBack(borrow(registry, database));
    assertThat(pool()).isNotSameAs(first);
  }

  @Test
  void poolDrains_itIsRevived() throws SQLException {
    Connection held = borrow(registry, database);
    Pool first = pool();
    registry.retire(database);
    assertThat(first.leases.phase()).isEqualTo(PoolPhase.DRAINING);
    borrow(registry, database).close();
    assertThat(pool()).isSameAs(first);
    assertThat(first.leases.phase()).isEqualTo(PoolPhase.OPEN);
    held.close();
  }

  @Test
  void moreThanThereAreSlots_areInThePoolAllTheSame() throws SQLException {
    List<Connection> held = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < Leases.SLOTS + 2; i++) {
        held.add(borrow(registry, database));
      }
      for (Connection connection : held) {
        registry.giveBack(connection);
      }
      held.clear();
      assertThat(pool().leases.standingBy()).isLessThanOrEqualTo(Leases.SLOTS);
      assertThat(pool().isLeased()).isFalse();
    }
    assertThat(stub.connectionsMade()).isEqualTo(Leases.SLOTS + 2);
  }

  @Test
  void thoseThatWereDestroyed_leaveTheirSlotsToOthers() throws SQLException {
    registry.giveBack(borrow(registry, database));
    for (int i = 0; i <= 2 * Leases.SLOTS; i++) {
      await().until(this::standsBy);
      registry.discard(borrow(registry, database));
    }
    await().until(this::standsBy);
  }

  /** Uses a connection; it stands by afterwards, unless a round has just ended. */
  private boolean standsBy() throws SQLException {
    registry.giveBack(borrow(registry, database));
    return pool().leases.standingBy() == 1;
  }
}
