package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which databases share a pool, which have one each, and which are refused. */
final class ConflictTest {

  private static final PoolSettings FOUR = PoolSettings.defaults().withMaximumSize(4);
  private static final PoolSettings FIVE = PoolSettings.defaults().withMaximumSize(5);

  private final PoolRegistry registry = PoolRegistry.builder().settings(FOUR).build();

  @AfterEach
  void close() {
    registry.close();
  }

  private static Database.Builder acme() {
    return Database.builder("jdbc:stub:acme").user("app").password("one");
  }

  private void use(Database.Builder database) throws SQLException {
    registry.lease(database.build()).close();
  }

  private long made() {
    return registry.snapshot().totals().made();
  }

  @Test
  void equalDatabases_shareAPool() throws SQLException {
    use(acme());
    use(acme());
    assertThat(made()).isEqualTo(1);
  }

  @Test
  void defaultSettingsGivenExplicitly_shareThePool() throws SQLException {
    use(acme());
    use(acme().pool(FOUR));
    assertThat(made()).isEqualTo(1);
  }

  @Test
  void otherSettings_areRefused() throws SQLException {
    use(acme());
    assertThatThrownBy(() -> use(acme().pool(FIVE)))
        .isInstanceOf(PoolConflictException.class)
        .isInstanceOf(SQLNonTransientException.class);
  }

  @Test
  void otherSettings_messageNamesDatabasePoolAndBothSettings() throws SQLException {
    use(acme());
    String pool = registry.snapshot().pools().get(0).name();
    assertThatThrownBy(() -> use(acme().pool(FIVE)))
        .hasMessageContainingAll("jdbc:stub:acme as app", pool, FOUR.toString(), FIVE.toString());
  }

  @Test
  void otherSettings_refused_evictNobody() throws SQLException {
    try (PoolRegistry one = PoolRegistry.builder().settings(FOUR).maximumPools(1).build()) {
      one.lease(acme().build()).close();
      assertThatThrownBy(() -> one.lease(acme().pool(FIVE).build()))
          .isInstanceOf(PoolConflictException.class);
      assertThat(one.snapshot().totals().evicted()).isZero();
    }
  }

  @Test
  void otherSettings_afterThePoolIsGone_areAccepted() throws SQLException {
    try (PoolRegistry one = PoolRegistry.builder().settings(FOUR).maximumPools(1).build()) {
      one.lease(acme().build()).close();
      one.lease(Database.of("jdbc:stub:other")).close();
      one.lease(acme().pool(FIVE).build()).close();
      assertThat(one.snapshot().totals().made()).isEqualTo(3);
    }
  }

  @Test
  void otherSettings_whileThePoolDrains_areRefused() throws SQLException {
    try (PoolRegistry one = PoolRegistry.builder().settings(FOUR).maximumPools(1).build();
        Lease held = one.lease(acme().build())) {
      one.lease(Database.of("jdbc:stub:other")).close();
      assertThatThrownBy(() -> one.lease(acme().pool(FIVE).build()))
          .isInstanceOf(PoolConflictException.class);
    }
  }

  @Test
  void otherSettings_forEveryPoolOfTheLogin_areRefused() throws SQLException {
    FakeClock clock = new FakeClock();
    try (PoolRegistry two =
            PoolRegistry.builder().settings(FOUR).maximumPools(2).nanoClock(clock).build();
        Lease held = two.lease(acme().build())) {
      two.lease(acme().password("two").build()).close();
      two.lease(Database.of("jdbc:stub:other")).close(); // evicts the pool of password two
      assertThatThrownBy(() -> two.lease(acme().password("two").pool(FIVE).build()))
          .isInstanceOf(PoolConflictException.class);
    }
  }

  @Test
  void otherPassword_isAnotherPool() throws SQLException {
    use(acme());
    use(acme().password("two"));
    assertThat(made()).isEqualTo(2);
  }

  @Test
  void otherPasswordAndOtherSettings_areRefused() throws SQLException {
    use(acme());
    assertThatThrownBy(() -> use(acme().password("two").pool(FIVE)))
        .isInstanceOf(PoolConflictException.class);
  }

  @Test
  void otherDriverProperties_areAnotherPool() throws SQLException {
    use(acme());
    use(acme().property("ssl", "true").pool(FIVE));
    assertThat(made()).isEqualTo(2);
  }

  @Test
  void otherUser_isAnotherPool() throws SQLException {
    use(acme());
    use(acme().user("admin").pool(FIVE));
    assertThat(made()).isEqualTo(2);
  }

  @Test
  void settings_ofTheDatabase_holdForItsPool() throws SQLException {
    try (StubPools pools = new StubPools(PoolRegistry.builder().settings(FIVE));
        Lease lease =
            pools.registry.lease(
                Database.builder(pools.stub("a").url())
                    .pool(
                        PoolSettings.defaults()
                            .withMaximumSize(1)
                            .withBorrowTimeout(Duration.ofMillis(250)))
                    .build())) {
      var held = lease.getConnection();
      assertThatThrownBy(lease::getConnection).hasMessageContaining("active 1 of at most 1");
      held.close();
    }
  }
}
