package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.datasource.pool.PoolSnapshot;
import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** P1 for tenants that move: what runs finishes where it is, and then the old pool closes. */
@Timeout(60)
final class MoveTest {

  private static final TenantId ACME = TenantId.of("acme");
  private static final TenantId GLOBEX = TenantId.of("globex");
  private static final DirectorySettings FORGETFUL =
      DirectorySettings.defaults().withFoundFor(Duration.ofNanos(1));

  @TempDir Path folder;

  private final StubDatabase oldStub = StubDatabase.create(UUID.randomUUID().toString());
  private final StubDatabase newStub = StubDatabase.create(UUID.randomUUID().toString());
  private final Database old = Database.of(oldStub.url());
  private final Database another = Database.of(newStub.url());
  private final Map<TenantId, Database> databases = new ConcurrentHashMap<>();
  private final AtomicInteger lookups = new AtomicInteger();
  private RoutingDataSource dataSource;

  private void start(TenantDirectory directory, DirectorySettings settings) {
    dataSource =
        RoutingDataSource.builder(directory)
            .directory(settings)
            .pool(PoolSettings.defaults().withBorrowTimeout(Duration.ofSeconds(5)))
            .closeTimeout(Duration.ofSeconds(1))
            .build();
  }

  private void start(DirectorySettings settings) {
    databases.put(ACME, old);
    databases.put(GLOBEX, old);
    start(
        tenant -> {
          lookups.incrementAndGet();
          return Optional.ofNullable(databases.get(tenant));
        },
        settings);
  }

  @AfterEach
  void close() {
    dataSource.close();
    oldStub.close();
    newStub.close();
  }

  private void use(TenantId tenant) throws SQLException {
    try (UnitOfWork unit = dataSource.begin(tenant);
        Connection connection = dataSource.getConnection()) {
      StubTenant.execute(connection, "SELECT 1");
      unit.commit();
    }
  }

  private boolean hasPool(Database database) {
    return dataSource.snapshot().pools().stream()
        .map(PoolSnapshot::database)
        .anyMatch(each -> each.url().equals(database.url()));
  }

  @Test
  void aUnitThatRuns_finishesWhereItIs_andThenTheOldPoolCloses() throws SQLException {
    start(FORGETFUL);
    try (UnitOfWork unit = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection()) {
      databases.put(ACME, another);
      UnitOfWork inner = dataSource.beginIndependent(ACME, UnitOptions.defaults());
      assertThat(inner.database()).isEqualTo(another);
      inner.close();
      StubTenant.execute(connection, "SELECT 1");
      assertThat(hasPool(old)).isTrue();
      unit.commit();
    }
    await().until(() -> oldStub.openConnections() == 0);
    assertThat(hasPool(old)).isFalse();
    use(ACME);
    assertThat(newStub.openConnections()).isEqualTo(1);
  }

  @Test
  void aPoolThatIsAnotherTenantsToo_stays() throws SQLException {
    start(FORGETFUL);
    use(ACME);
    use(GLOBEX);
    databases.put(ACME, another);
    use(ACME);
    assertThat(hasPool(old)).isTrue();
    databases.put(GLOBEX, another);
    use(GLOBEX);
    assertThat(hasPool(old)).isFalse();
  }

  @Test
  void aTenantThatIsGone_takesItsPoolAlong() throws SQLException {
    start(FORGETFUL);
    use(ACME);
    databases.remove(ACME);
    assertThatThrownBy(() -> use(ACME)).isInstanceOf(UnknownTenantException.class);
    assertThat(hasPool(old)).isFalse();
  }

  @Test
  void aFileThatHasChanged_closesThePoolsOfBefore() throws Exception {
    Path file = folder.resolve("tenants.properties");
    Files.writeString(file, "acme.url = %s\nglobex.url = %s\n".formatted(old.url(), another.url()));
    start(TenantDirectory.properties(file), DirectorySettings.defaults());
    use(ACME);
    use(GLOBEX);
    Files.writeString(file, "globex.url = %s\n".formatted(another.url()));
    await()
        .until(
            () -> {
              use(GLOBEX);
              return !hasPool(old);
            });
    assertThat(hasPool(another)).isTrue();
  }

  @Test
  void refresh_asksAtOnce() throws SQLException {
    start(DirectorySettings.defaults());
    use(ACME);
    databases.put(ACME, another);
    databases.remove(GLOBEX);
    use(ACME);
    assertThat(lookups).hasValue(1);
    assertThat(hasPool(another)).isFalse();

    dataSource.refresh(ACME);

    assertThat(lookups).hasValue(2);
    assertThat(hasPool(old)).isFalse();
    use(ACME);
    assertThat(hasPool(another)).isTrue();
    assertThat(lookups).hasValue(2);
  }

  @Test
  void refresh_aTenantThatHasNotMoved_keepsItsPool() throws SQLException {
    start(DirectorySettings.defaults());
    use(ACME);
    dataSource.refresh(ACME);
    use(ACME);
    assertThat(oldStub.connectionsMade()).isEqualTo(1);
  }

  @Test
  void refresh_aTenantThatIsGone_takesItsPoolAlong() throws SQLException {
    start(DirectorySettings.defaults());
    use(ACME);
    databases.remove(ACME);
    dataSource.refresh(ACME);
    assertThat(hasPool(old)).isFalse();
    assertThatThrownBy(() -> use(ACME)).isInstanceOf(UnknownTenantException.class);
  }

  @Test
  void refresh_theDirectoryFails_saysSo() {
    start(
        tenant -> {
          throw new IOException("is down");
        },
        DirectorySettings.defaults());
    assertThatThrownBy(() -> dataSource.refresh(ACME))
        .isInstanceOf(TenantDirectoryException.class)
        .hasStackTraceContaining("is down");
  }

  @Test
  void evict_whatRunsFinishes_andTheNextUnitAsksAndGetsANewPool() throws SQLException {
    start(DirectorySettings.defaults());
    UnitOfWork unit = dataSource.begin(ACME);
    Connection connection = dataSource.getConnection();

    dataSource.evict(ACME);

    StubTenant.execute(connection, "SELECT 1");
    assertThat(oldStub.openConnections()).isEqualTo(1);
    unit.finish();
    await().until(() -> oldStub.openConnections() == 0);
    use(ACME);
    assertThat(lookups).hasValue(2);
    assertThat(oldStub.connectionsMade()).isEqualTo(2);
  }

  @Test
  void evict_othersKeepTheirPools() throws SQLException {
    start(DirectorySettings.defaults());
    databases.put(GLOBEX, another);
    use(ACME);
    use(GLOBEX);
    dataSource.evict(ACME);
    dataSource.evict(TenantId.of("nobody"));
    assertThat(hasPool(old)).isFalse();
    assertThat(hasPool(another)).isTrue();
  }

  @Test
  void theOldPlaceIsDown_aUnitThatBeganBeforeTheMove_goesToTheNew() throws SQLException {
    start(DirectorySettings.defaults());
    try (UnitOfWork unit = dataSource.begin(ACME)) {
      databases.put(ACME, another);
      dataSource.refresh(ACME);
      oldStub
          .arm(
              call -> call.startsWith("Driver.connect"),
              Fault.throwBefore(() -> new SQLException("gone", "08001")))
          .always();
      dataSource.getConnection().close();
      unit.finish();
      assertThat(unit.database()).isEqualTo(another);
    }
  }

  @Test
  void theLoginIsRefused_theDirectoryIsAskedAnew() throws SQLException {
    start(DirectorySettings.defaults());
    try (UnitOfWork unit = dataSource.begin(ACME)) {
      databases.put(ACME, another);
      oldStub
          .arm(
              call -> call.startsWith("Driver.connect"),
              Fault.throwBefore(() -> new SQLException("wrong password", "28P01")))
          .always();
      dataSource.getConnection().close();
      unit.finish();
      assertThat(unit.database()).isEqualTo(another);
    }
  }

  @Test
  void theLoginIsRefused_andTheDirectoryHasNothingNew_itsFailureIsTold() {
    start(DirectorySettings.defaults());
    oldStub
        .arm(
            call -> call.startsWith("Driver.connect"),
            Fault.throwBefore(() -> new SQLException("wrong password", "28P01")))
        .always();
    assertThatThrownBy(() -> use(ACME)).hasMessageContaining("wrong password");
    assertThat(lookups).hasValue(2);
  }
}
