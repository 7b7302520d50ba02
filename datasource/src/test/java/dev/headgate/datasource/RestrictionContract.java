package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static dev.headgate.datasource.Tenants.insert;
import static dev.headgate.datasource.Tenants.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.DatabaseUnavailableException;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.datasource.pool.Restriction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants that are suspended or read only for now, on a database that can refuse writes. */
abstract class RestrictionContract {

  static final Restriction READ_ONLY = Restriction.readOnly("it moves to db7");
  static final Restriction SUSPENDED = Restriction.suspended("it is restored");

  private final AtomicReference<Database> directory = new AtomicReference<>();
  private RoutingDataSource dataSource;

  abstract Database database() throws SQLException;

  private RoutingDataSource open(Transactions transactions) throws SQLException {
    Database shared = database();
    directory.set(shared);
    InMemoryDirectory tenants =
        tenant -> Optional.of(tenant.equals(ACME) ? directory.get() : shared);
    return RoutingDataSource.builder(tenants)
        .bind("shared", shared)
        .transactions(transactions)
        .build();
  }

  @BeforeEach
  void start() throws SQLException {
    dataSource = open(Transactions.UNIT);
    try (Connection connection = dataSource.forTenant(GLOBEX).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS note");
      statement.execute("CREATE TABLE note (text VARCHAR(100) PRIMARY KEY)");
    }
    add(dataSource, ACME, "first");
  }

  @AfterEach
  void stop() {
    dataSource.close();
  }

  private static void add(RoutingDataSource to, TenantId tenant, String text) throws SQLException {
    to.call(
        tenant,
        work -> {
          try (Connection connection = to.getConnection()) {
            insert(connection, text);
          }
          return null;
        });
  }

  private static List<String> stored(RoutingDataSource of) throws SQLException {
    try (Connection connection = of.forTenant(ACME).getConnection()) {
      return texts(connection);
    }
  }

  private static void assertRefusedAsReadOnly(ThrowingCallable write) {
    assertThatThrownBy(write)
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> {
              assertThat(e.getSQLState()).isEqualTo("25006");
              assertThat(e.getSuppressed())
                  .singleElement()
                  .isInstanceOf(TenantReadOnlyException.class)
                  .isInstanceOf(SQLTransientException.class)
                  .hasToString(
                      "dev.headgate.datasource.TenantReadOnlyException: tenant \"acme\" is read only"
                          + " for now: it moves to db7");
            });
  }

  private static void assertSuspended(ThrowingCallable begin) {
    assertThatThrownBy(begin)
        .isInstanceOfSatisfying(
            TenantSuspendedException.class,
            e -> {
              assertThat(e.tenant()).isEqualTo(ACME);
              assertThat(e.reason()).isEqualTo("it is restored");
            })
        .isInstanceOf(SQLTransientException.class)
        .hasMessage("tenant \"acme\" is suspended for now: it is restored");
  }

  @ParameterizedTest
  @EnumSource
  void readOnly_letsReadsThrough_andTheDatabaseRefusesWrites(Transactions transactions)
      throws SQLException {
    try (RoutingDataSource restricted = open(transactions)) {
      restricted.readOnly(ACME, "it moves to db7");
      try (UnitOfWork work = restricted.begin(ACME);
          Connection connection = restricted.getConnection()) {
        assertThat(texts(connection)).containsExactly("first");
        assertRefusedAsReadOnly(() -> insert(connection, "second"));
        assertThat(work.tenant()).isEqualTo(ACME);
      }
      add(restricted, GLOBEX, "of another");
      restricted.resume(ACME);
      add(restricted, ACME, "third");
      assertThat(stored(restricted)).containsExactly("first", "of another", "third");
    }
  }

  @Test
  void readOnly_isEveryConnectionOfTheTenant() throws SQLException {
    dataSource.readOnly(ACME, "it moves to db7");
    try (Connection connection = dataSource.forTenant(ACME).getConnection()) {
      assertThat(texts(connection)).containsExactly("first");
      assertRefusedAsReadOnly(() -> insert(connection, "plain"));
      connection.setReadOnly(false);
      assertRefusedAsReadOnly(() -> insert(connection, "plain"));
      connection.setAutoCommit(false);
      assertRefusedAsReadOnly(() -> insert(connection, "plain"));
      connection.rollback();
      connection.setAutoCommit(true);
      assertRefusedAsReadOnly(() -> insert(connection, "plain"));
    }
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection connection = dataSource.bind("shared").getConnection()) {
      assertRefusedAsReadOnly(() -> insert(connection, "in a bind"));
      assertThat(work.tenant()).isEqualTo(ACME);
    }
    try (UnitOfWork work = dataSource.beginIndependent(ACME, UnitOptions.defaults());
        UnitOfWork inner = dataSource.beginIndependent(ACME, UnitOptions.defaults());
        Connection connection = dataSource.getConnection()) {
      assertRefusedAsReadOnly(() -> insert(connection, "inside"));
      assertThat(inner.tenant()).isEqualTo(work.tenant());
    }
  }

  @Test
  void whatRuns_goesOnToItsEnd() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      dataSource.suspend(ACME, "it is restored");
      try (Connection connection = dataSource.getConnection()) {
        insert(connection, "second");
      }
      try (UnitOfWork inner = dataSource.beginIndependent(ACME, UnitOptions.defaults())) {
        assertThat(inner.tenant()).isEqualTo(ACME);
      }
      assertThat(stored(dataSource)).containsExactly("first");
      work.commit();
    }
    assertSuspended(() -> dataSource.begin(ACME));
    dataSource.resume(ACME);
    assertThat(stored(dataSource)).containsExactly("first", "second");
  }

  @ParameterizedTest
  @EnumSource
  void suspended_nothingBegins(Transactions transactions) throws SQLException {
    try (RoutingDataSource restricted = open(transactions)) {
      Callable<String> task = restricted.call(ACME, work -> restricted.wrap(() -> "done"));
      restricted.suspend(ACME, "it is restored");
      assertSuspended(task::call);
      assertSuspended(() -> restricted.call(ACME, work -> "done"));
      assertSuspended(() -> restricted.begin(ACME));
      assertSuspended(() -> restricted.begin(ACME, UnitOptions.defaults()));
      assertSuspended(() -> restricted.beginIndependent(ACME, UnitOptions.defaults()));
      assertSuspended(() -> restricted.forTenant(ACME).getConnection());
      assertThat(restricted.snapshot().pools()).isEmpty();
      assertThat(restricted.restrictions()).isEqualTo(Map.of(ACME, SUSPENDED));
      add(restricted, GLOBEX, "of another");
      restricted.resume(ACME);
      add(restricted, ACME, "second");
    }
  }

  @Test
  void theDirectoryCanSayIt_too() throws SQLException {
    directory.set(database().restricted(READ_ONLY));
    assertRefusedAsReadOnly(() -> add(dataSource, ACME, "second"));
    assertThat(stored(dataSource)).containsExactly("first");
    directory.set(database().restricted(SUSPENDED));
    assertSuspended(() -> dataSource.begin(ACME));
    // What the application says does not make it less strict.
    dataSource.readOnly(ACME, "it moves to db7");
    assertSuspended(() -> dataSource.begin(ACME));
    dataSource.resume(ACME);
    assertSuspended(() -> dataSource.begin(ACME));
    directory.set(database());
    add(dataSource, ACME, "second");
    assertThat(stored(dataSource)).containsExactly("first", "second");
    assertThat(dataSource.snapshot().totals().made()).as("pools").isEqualTo(1);
  }

  @Test
  void whoseDatabaseHasNewPoolSettings_isReadOnlyAllTheSame() throws SQLException {
    Database before = database();
    AtomicReference<Database> now = new AtomicReference<>(before);
    InMemoryDirectory changing = tenant -> Optional.of(now.get());
    try (RoutingDataSource changed = RoutingDataSource.builder(changing).build()) {
      assertThat(stored(changed)).containsExactly("first");
      Database.Builder other = Database.builder(before.url()).user(before.user().orElseThrow());
      now.set(other.pool(PoolSettings.defaults().withMaximumSize(3)).build());
      changed.readOnly(ACME, "it moves to db7");
      assertRefusedAsReadOnly(() -> add(changed, ACME, "second"));
      assertThat(changed.snapshot().totals().made()).as("pools").isEqualTo(2);
    }
  }

  @Test
  void aBindThatIsRestricted_isSo_forEachTenant() throws SQLException {
    try (RoutingDataSource bound =
            RoutingDataSource.builder(database())
                .bind("archive", database().restricted(READ_ONLY))
                .bind("gone", database().restricted(SUSPENDED))
                .build();
        UnitOfWork work = bound.begin(TenantId.ONLY);
        Connection own = bound.getConnection();
        Connection archive = bound.bind("archive").getConnection()) {
      insert(own, "second");
      assertThatThrownBy(() -> insert(archive, "third"))
          .hasStackTraceContaining("read only for now: it moves to db7");
      assertThatThrownBy(() -> bound.bind("gone").getConnection())
          .isInstanceOf(DatabaseUnavailableException.class)
          .hasMessageContaining("suspended for now: it is restored");
      assertThat(work.outcomes()).isEmpty();
    }
  }

  @Test
  void aUnitThatOnlyReads_reallyDoes() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, UnitOptions.defaults().readOnly());
        Connection connection = dataSource.getConnection()) {
      assertThat(texts(connection)).containsExactly("first");
      assertThatThrownBy(() -> insert(connection, "second"))
          .isInstanceOfSatisfying(
              SQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("25006");
                assertThat(e.getSuppressed()).isEmpty();
              });
      assertThat(work.tenant()).isEqualTo(ACME);
    }
    add(dataSource, ACME, "second");
    assertThat(stored(dataSource)).containsExactly("first", "second");
  }

  @Test
  void aPlainConnectionThatOnlyReads_reallyDoes_andOnlyThat() throws SQLException {
    try (Connection connection = dataSource.forTenant(ACME).getConnection()) {
      connection.setReadOnly(true);
      assertThatThrownBy(() -> insert(connection, "second")).isInstanceOf(SQLException.class);
    }
    try (Connection connection = dataSource.forTenant(ACME).getConnection()) {
      insert(connection, "second");
    }
    assertThat(stored(dataSource)).containsExactly("first", "second");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPlainConnection_canBeWritableAgain(boolean autoCommit) throws SQLException {
    try (Connection connection = dataSource.forTenant(ACME).getConnection()) {
      connection.setReadOnly(true);
      assertThatThrownBy(() -> insert(connection, "second")).isInstanceOf(SQLException.class);
      connection.setAutoCommit(autoCommit);
      connection.setReadOnly(false);
      insert(connection, "third");
      if (!autoCommit) {
        connection.commit();
      }
    }
    assertThat(stored(dataSource)).containsExactly("first", "third");
  }
}
