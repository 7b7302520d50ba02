package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolConflictException;
import dev.headgate.datasource.pool.PoolPhase;
import dev.headgate.datasource.pool.PoolSettings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A directory that changes the settings of pools, under an application that goes on. */
class ReconfigurationTest {

  private static final TenantId ACME = TenantId.of("acme");
  private static final TenantId GLOBEX = TenantId.of("globex");

  private final String url = Tenants.newH2().url();
  private final Map<TenantId, Database> databases = new ConcurrentHashMap<>();
  private final RoutingDataSource dataSource =
      RoutingDataSource.builder(tenant -> Optional.ofNullable(databases.get(tenant))).build();

  @AfterEach
  void close() {
    dataSource.close();
  }

  private Database sized(int size) {
    return Database.builder(url).pool(PoolSettings.defaults().withMaximumSize(size)).build();
  }

  private void use(TenantId tenant) throws SQLException {
    try (UnitOfWork work = dataSource.begin(tenant)) {
      dataSource.getConnection().close();
      work.commit();
    }
  }

  private long open(Database database) {
    return dataSource.snapshot().pools().stream()
        .filter(pool -> pool.database().equals(database) && pool.phase() == PoolPhase.OPEN)
        .count();
  }

  @Test
  void aUnitThatRuns_finishesOnTheOldPool_andNewOnesUseTheNew() throws SQLException {
    databases.put(ACME, sized(3));
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection()) {
      databases.put(ACME, sized(4));
      databases.put(GLOBEX, sized(4));
      UnitOfWork independent = dataSource.beginIndependent(ACME, UnitOptions.defaults());
      independent.close();
      assertThat(connection.isValid(1)).isTrue();
      work.commit();
    }
    use(GLOBEX);
    assertThat(open(sized(4))).isEqualTo(1);
    assertThat(open(sized(3))).as("no one's any more").isZero();
    use(ACME);
    assertThat(open(sized(3))).isZero();
  }

  @Test
  void aUnitThatHasNoConnectionYet_movesToTheNewPool() throws SQLException {
    databases.put(ACME, sized(3));
    databases.put(GLOBEX, sized(3));
    use(GLOBEX);
    UnitOfWork work = dataSource.begin(ACME);
    assertThat(work.database()).isEqualTo(sized(3));
    databases.put(ACME, sized(4));
    databases.put(GLOBEX, sized(4));
    dataSource.getConnection().close();
    work.finish();
    // The pool of before was still there, and no conflict: it was used.
    assertThat(work.database()).isEqualTo(sized(3));

    UnitOfWork late = dataSource.begin(ACME);
    databases.put(TenantId.of("new"), sized(4));
    useElsewhere("new");
    dataSource.getConnection().close();
    late.finish();
    assertThat(late.database()).isEqualTo(sized(4));
    assertThat(open(sized(3))).isZero();
  }

  private void useElsewhere(String tenant) {
    Thread thread =
        new Thread(
            () -> {
              try {
                use(TenantId.of(tenant));
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void twoTenantsWithDifferentSettings_areStillRefused() throws SQLException {
    databases.put(ACME, sized(3));
    databases.put(GLOBEX, sized(4));
    use(ACME);
    assertThatThrownBy(() -> use(GLOBEX))
        .isInstanceOf(PoolConflictException.class)
        .hasMessageContaining("same settings everywhere");
    use(ACME);
  }

  @Test
  void aPoolOfATenantThatIsGone_isNotInTheWay() throws SQLException {
    databases.put(ACME, sized(3));
    use(ACME);
    databases.remove(ACME);
    databases.put(GLOBEX, sized(4));
    use(GLOBEX);
    assertThat(open(sized(4))).isEqualTo(1);
    assertThat(open(sized(3))).isZero();
  }

  @Test
  void aPoolOfATenantThatTheDirectoryFailsFor_stays() throws SQLException {
    TenantDirectory failing =
        tenant -> {
          if (tenant.equals(ACME) && databases.containsKey(GLOBEX)) {
            throw new IOException("directory is down");
          }
          return Optional.ofNullable(databases.get(tenant));
        };
    DirectorySettings forgetful =
        DirectorySettings.defaults().withFoundFor(Duration.ofNanos(1)).withStaleFor(Duration.ZERO);
    try (RoutingDataSource source =
        RoutingDataSource.builder(failing).directory(forgetful).build()) {
      databases.put(ACME, sized(3));
      try (UnitOfWork work = source.begin(ACME)) {
        source.getConnection().close();
        work.commit();
      }
      databases.put(GLOBEX, sized(4));
      try (UnitOfWork work = source.begin(GLOBEX)) {
        assertThatThrownBy(source::getConnection).isInstanceOf(PoolConflictException.class);
      }
    }
  }
}
