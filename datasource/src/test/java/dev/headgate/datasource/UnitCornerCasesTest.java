package dev.headgate.datasource;

import static dev.headgate.datasource.StubTenant.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headgate.datasource.pool.Database;
import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Sequences of calls in which work was lost or reported wrongly: with a bind, joined, rehearsed,
 * keyed.
 */
class UnitCornerCasesTest {

  private static final TenantId TENANT = TenantId.of("acme");

  private final StubDatabase own = StubDatabase.create(UUID.randomUUID().toString());
  private final StubDatabase users = StubDatabase.create(UUID.randomUUID().toString());
  private final RoutingDataSource dataSource = builder().build();

  private RoutingDataSource.Builder builder() {
    return RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", Database.of(own.url()))))
        .bind("users", Database.of(users.url()));
  }

  @AfterEach
  void close() {
    dataSource.close();
    own.close();
    users.close();
  }

  private static void insert(DataSource target, String token) throws SQLException {
    try (Connection connection = target.getConnection()) {
      execute(connection, "INSERT " + token);
    }
  }

  private static List<String> visible(DataSource target) throws SQLException {
    try (Connection connection = target.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT")) {
      List<String> tokens = new ArrayList<>();
      while (rows.next()) {
        tokens.add(rows.getString(1));
      }
      return tokens;
    }
  }

  private UnitOfWork rehearse() throws SQLException {
    return dataSource.begin(TENANT, UnitOptions.defaults().rehearsal());
  }

  private void swallowAbort() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      assertThatThrownBy(() -> execute(connection, "ABORT")).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void rollbackOfAnEmptyInnerTransaction_doesNotHideThatTheDatabaseHasGivenUp()
      throws SQLException {
    UnitOfWork work = dataSource.begin(TENANT);
    insert(dataSource, "a");
    swallowAbort();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      connection.rollback();
    }
    Throwable failure = catchThrowable(work::finish);
    assertThat(own.committed()).isEmpty();
    assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
    assertThat(failure).isInstanceOf(RolledBackException.class);
  }

  @Test
  void closeOfAnEmptyPart_doesNotHideThatTheDatabaseHasGivenUp() throws SQLException {
    UnitOfWork work = dataSource.begin(TENANT);
    insert(dataSource, "a");
    swallowAbort();
    dataSource.begin(TENANT).close();
    Throwable failure = catchThrowable(work::finish);
    assertThat(own.committed()).isEmpty();
    assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
    assertThat(failure).isInstanceOf(RolledBackException.class);
  }

  @Test
  void aPartThatWasGivenUp_isNotKept_afterAnEmptyRollback() throws SQLException {
    UnitOfWork work = dataSource.begin(TENANT);
    insert(dataSource, "a");
    swallowAbort();
    UnitOfWork part = dataSource.begin(TENANT);
    dataSource.begin(TENANT).close();
    assertThatThrownBy(part::commit).isInstanceOf(SQLException.class);
    work.close();
  }

  @Test
  void onPostgres_aSuccessIsStored() throws SQLException {
    try (Tenants tenants = Tenants.onPostgres()) {
      UnitOfWork work = tenants.dataSource.begin(TENANT);
      try (Connection connection = tenants.dataSource.getConnection()) {
        Tenants.insert(connection, "a");
        assertThatThrownBy(() -> Tenants.insert(connection, "a")).isInstanceOf(SQLException.class);
      }
      try (Connection connection = tenants.dataSource.getConnection()) {
        connection.setAutoCommit(false);
        connection.rollback();
      }
      Throwable failure = catchThrowable(work::finish);
      List<String> stored = tenants.stored(TENANT);
      assertThat(failure == null ? "success" : "failure")
          .as("stored: %s, outcome: %s", stored, work.outcome())
          .isEqualTo(stored.isEmpty() ? "failure" : "success");
    }
  }

  /** The pattern of the javadoc, as a method that may be called inside a unit or outside. */
  private void addInOwnUnit(String token) throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT);
        Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      execute(connection, "INSERT " + token);
      work.commit();
    }
  }

  @Test
  void commitOfAUnitThatJoined_keepsOpenInnerTransactions() throws SQLException {
    addInOwnUnit("alone");
    assertThat(own.committed()).containsExactly("alone");
    try (UnitOfWork outer = dataSource.begin(TENANT)) {
      addInOwnUnit("joined");
      outer.commit();
    }
    assertThat(own.committed()).containsExactly("alone", "joined");
  }

  @Test
  void commitOfARehearsedUnit_keepsOpenInnerTransactions() throws SQLException {
    try (UnitOfWork rehearsal = rehearse()) {
      addInOwnUnit("a");
      assertThat(visible(dataSource)).containsExactly("a");
      assertThat(rehearsal.isRollbackOnly()).isFalse();
    }
  }

  @Test
  void rollbackAfterCommitOfARehearsedUnit_undoesNothingOfIt() throws SQLException {
    try (UnitOfWork rehearsal = rehearse()) {
      UnitOfWork work = dataSource.begin(TENANT);
      Connection connection = dataSource.getConnection();
      connection.setAutoCommit(false);
      execute(connection, "INSERT a");
      work.commit();
      execute(connection, "INSERT b");
      connection.rollback();
      assertThat(work.outcome()).contains(Outcome.COMMITTED);
      assertThatCode(work::finish).doesNotThrowAnyException();
      assertThat(visible(dataSource)).containsExactly("a");
      assertThat(rehearsal.isRollbackOnly()).isFalse();
    }
  }

  /** The driver's own connection is handed out, so that work may be done unseen from now on. */
  private static void unwrap(Connection connection) throws SQLException {
    assertThat(connection.unwrap(Proxy.class)).isNotNull();
  }

  private void failSecondSavepointFromNow() {
    AtomicInteger savepoints = new AtomicInteger();
    own.arm(
        call -> call.equals("Connection.setSavepoint()") && savepoints.incrementAndGet() == 2,
        Fault.throwBefore(() -> new SQLException("no savepoint", "HY000")));
  }

  @Test
  void commitOfAnInnerTransactionThatThrows_keepsNothing() throws SQLException {
    UnitOfWork work = dataSource.begin(TENANT);
    Connection connection = dataSource.getConnection();
    unwrap(connection);
    connection.setAutoCommit(false);
    execute(connection, "INSERT a");
    failSecondSavepointFromNow();
    assertThatThrownBy(connection::commit).hasMessage("no savepoint");
    connection.rollback();
    connection.close();
    Throwable failure = catchThrowable(work::finish);
    assertThat(own.committed()).as("after %s", failure).isEmpty();
  }

  @Test
  void commitOfAPartThatThrows_keepsNothing() throws SQLException {
    UnitOfWork work = dataSource.begin(TENANT);
    unwrap(dataSource.getConnection());
    UnitOfWork part = dataSource.begin(TENANT);
    insert(dataSource.bind("users"), "b");
    insert(dataSource, "a");
    failSecondSavepointFromNow();
    assertThatThrownBy(part::commit).hasMessage("no savepoint");
    part.close();
    Throwable failure = catchThrowable(work::finish);
    assertThat(own.committed()).as("after %s", failure).isEmpty();
    assertThat(users.committed()).isEmpty();
  }

  @Test
  void finishAfterAPartialCommit_saysSo_althoughAStatementCantBeClosed() throws SQLException {
    users.arm(
        "Connection.commit()"::equals,
        Fault.throwBefore(() -> new SQLException("refused", "23503")));
    UnitOfWork work = dataSource.begin(TENANT);
    insert(dataSource, "a");
    insert(dataSource.bind("users"), "b");
    assertThatThrownBy(work::commit).isInstanceOf(PartialCommitException.class);
    Connection left = dataSource.getConnection();
    Statement open = left.createStatement();
    open.execute("SELECT");
    own.arm(
        "Statement.close()"::equals, Fault.throwBefore(() -> new SQLException("close", "HY000")));
    assertThatThrownBy(work::finish).isInstanceOf(PartialCommitException.class);
  }

  @Test
  void finishAfterAnUnknownOutcome_saysSo_althoughAStatementCantBeClosed() throws SQLException {
    own.arm(
        "Connection.commit()"::equals,
        Fault.throwAfter(() -> new SQLException("timeout", "HY000")));
    UnitOfWork work = dataSource.begin(TENANT);
    insert(dataSource, "a");
    assertThatThrownBy(work::commit).isInstanceOf(OutcomeUnknownException.class);
    Connection left = dataSource.getConnection();
    Statement open = left.createStatement();
    open.execute("SELECT");
    own.arm(
        "Statement.close()"::equals, Fault.throwBefore(() -> new SQLException("close", "HY000")));
    assertThatThrownBy(work::finish).isInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void aRehearsalInsideARehearsal_isRefused() throws SQLException {
    try (UnitOfWork outer = rehearse()) {
      assertThatThrownBy(
              () -> dataSource.beginIndependent(TENANT, UnitOptions.defaults().rehearsal()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a rehearsal begins where there is no unit of work");
      assertThat(outer.isRollbackOnly()).isFalse();
    }
  }

  @Test
  void aRehearsedPlainUnit_endsTheConnectionsThatItLeavesOpen() throws SQLException {
    try (RoutingDataSource plain = builder().transactions(Transactions.NONE).build();
        UnitOfWork rehearsal = plain.begin(TENANT, UnitOptions.defaults().rehearsal())) {
      UnitOfWork request = plain.begin(TENANT);
      Connection left = plain.getConnection();
      left.setAutoCommit(false);
      execute(left, "INSERT a");
      request.finish();
      assertThat(left.isClosed()).isTrue();
      assertThat(visible(plain)).isEmpty();
      assertThat(rehearsal.isRollbackOnly()).isFalse();
    }
  }

  @Test
  void whyARehearsedUnitIsRollbackOnly_isSaid() throws SQLException {
    try (UnitOfWork rehearsal = rehearse()) {
      Connection abandoned = dataSource.getConnection();
      abandoned.setAutoCommit(false);
      execute(abandoned, "INSERT a");
      insert(dataSource, "b");
      abandoned.close();
      UnitOfWork work = dataSource.begin(TENANT);
      Throwable failure = catchThrowable(work::finish);
      assertThat(rehearsal.isRollbackOnly()).isTrue();
      assertThat(failure)
          .isInstanceOf(RolledBackException.class)
          .hasMessageContaining("commit or roll back before close");
    }
  }

  @Test
  void aKey_isFreeAgain_afterItsOuterUnitWasEndedElsewhere() throws SQLException {
    String[] job = {"job-1"};
    try (RoutingDataSource keyed = builder().scope(() -> job[0]).build()) {
      UnitOfWork outer = keyed.begin(TENANT);
      UnitOfWork inner = keyed.beginIndependent(TENANT, UnitOptions.defaults());
      job[0] = null;
      outer.close();
      job[0] = "job-1";
      inner.close();
      assertThatThrownBy(keyed::current)
          .as("both have ended")
          .isInstanceOf(IllegalStateException.class);
      keyed.begin(TENANT, UnitOptions.defaults()).close();
    }
  }

  @Test
  void closeOfAKeyedUnit_ends_afterOneInsideWasEndedElsewhere() throws SQLException {
    String[] job = {"job-1"};
    AtomicInteger asked = new AtomicInteger();
    try (RoutingDataSource keyed =
        builder()
            .scope(
                () -> {
                  if (asked.incrementAndGet() > 10_000) {
                    throw new IllegalStateException("asked for the key again and again");
                  }
                  return job[0];
                })
            .build()) {
      UnitOfWork outer = keyed.begin(TENANT);
      UnitOfWork middle = keyed.beginIndependent(TENANT, UnitOptions.defaults());
      UnitOfWork inner = keyed.beginIndependent(TENANT, UnitOptions.defaults());
      job[0] = null;
      middle.close();
      job[0] = "job-1";
      inner.close();
      assertThatCode(outer::close).doesNotThrowAnyException();
    }
  }

  @Test
  void aUrlThatIsGivenAsDirectory_isNotShown() {
    Map<String, String> settings =
        Map.of("directory", "jdbc:postgresql://db.example.com/app?user=app&password=s3cret");
    assertThatThrownBy(() -> RoutingDataSource.of(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aBindWithAPlaceForTheTenant_isADatabaseForEach() throws SQLException {
    String name = UUID.randomUUID().toString();
    Map<String, String> settings =
        Map.of(
            "database.url", "jdbc:h2:mem:" + name + "-{tenant}",
            "bind.audit.url", "jdbc:h2:mem:" + name + "-audit-{tenant};DB_CLOSE_DELAY=-1");
    try (RoutingDataSource made = RoutingDataSource.of(settings)) {
      made.call(
          TENANT,
          work -> {
            try (Connection connection = made.bind("audit").getConnection()) {
              execute(connection, "CREATE TABLE secret_of_acme (id INT)");
            }
            return null;
          });
      Throwable failure =
          catchThrowable(
              () ->
                  made.call(
                      TenantId.of("globex"),
                      work -> {
                        try (Connection connection = made.bind("audit").getConnection()) {
                          execute(connection, "SELECT * FROM secret_of_acme");
                        }
                        return null;
                      }));
      assertThat(failure).as("globex reads acme's table").isNotNull();
    }
  }
}
