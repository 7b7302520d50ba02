package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool has been used until its connection was given back, also one that stands by since then. */
final class StandbyUseTest {

  private final StubPools pools = StubPools.bound(2);

  @AfterEach
  void close() {
    pools.close();
  }

  private Connection borrow(String name) throws SQLException {
    pools.clock.advance(Duration.ofMillis(1));
    return pools.registry.borrow(pools.database(name), "label", null, null);
  }

  /** Uses each so often that its connection stands by. */
  private void use(String... names) throws SQLException {
    for (String name : names) {
      pools.registry.giveBack(borrow(name));
      pools.registry.giveBack(borrow(name));
    }
  }

  @Test
  void heldForLong_doesNotExpireWhenItIsGivenBack() throws SQLException {
    use("a");
    Connection connection = borrow("a");
    pools.clock.advance(Duration.ofMinutes(11));
    pools.registry.giveBack(connection);
    pools.registry.expireIdle();
    assertThat(pools.registry.snapshot().totals().expired()).isZero();
  }

  @Test
  void givenBackLast_isNotTheLeastRecentlyUsed() throws SQLException {
    use("a");
    Connection connection = borrow("a");
    pools.registry.giveBack(borrow("b"));
    pools.clock.advance(Duration.ofMillis(1));
    pools.registry.giveBack(connection);
    use("c");
    assertThat(pools.in(PoolPhase.OPEN)).containsExactly("a", "c");
  }
}
