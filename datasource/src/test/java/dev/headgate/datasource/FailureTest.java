package dev.headgate.datasource;

import static dev.headgate.datasource.StubTenant.TENANT;
import static dev.headgate.datasource.StubTenant.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no database does on demand: failures of commit, rollback, savepoints and clean-up. */
class FailureTest {

  private final StubTenant tenant = new StubTenant();

  @AfterEach
  void nothingIsLeft() {
    try {
      assertThat(tenant.leases()).isZero();
      assertThatThrownBy(() -> tenant.dataSource.current())
          .isInstanceOf(IllegalStateException.class);
      assertThat(tenant.isClean()).isTrue();
    } finally {
      tenant.close();
    }
  }

  private UnitOfWork begin() throws SQLException {
    return tenant.dataSource.begin(TENANT);
  }

  private Connection handle() throws SQLException {
    return tenant.dataSource.getConnection();
  }

  private void arm(String call, Fault fault) {
    tenant.stub.arm(call::equals, fault);
  }

  private void assertDestroyed() {
    await().until(() -> tenant.stub.openConnections() == 0);
  }

  @Test
  void aLostAcknowledgement_isUnknown_neverRolledBackAndNeverRepeated() throws SQLException {
    arm("Connection.commit()", Fault.breakAfter());
    UnitOfWork work = begin();
    execute(handle(), "INSERT a");
    assertThatThrownBy(work::finish).isInstanceOf(OutcomeUnknownException.class);
    assertThat(work.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.UNKNOWN);
    assertThat(tenant.stub.calls()).filteredOn("Connection.commit()"::equals).hasSize(1);
    assertThat(tenant.stub.committed()).containsExactly("a");
    assertDestroyed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "08007", "57P01", "40003", "HY000", "S1000"})
  void aFailureOfCommitThatIsNoRefusal_isUnknown(String state) throws SQLException {
    arm("Connection.commit()", Fault.throwAfter(() -> new SQLException("failed", state)));
    UnitOfWork work = begin();
    execute(handle(), "INSERT a");
    assertThatThrownBy(work::commit).isInstanceOf(OutcomeUnknownException.class);
    work.close();
    assertThat(work.outcome()).contains(Outcome.UNKNOWN);
    assertDestroyed();
  }

  @Test
  void anErrorDuringCommit_isUnknown() throws SQLException {
    arm("Connection.commit()", Fault.throwBefore(() -> new StackOverflowError("canary")));
    UnitOfWork work = begin();
    execute(handle(), "INSERT a");
    assertThatThrownBy(work::finish)
        .isInstanceOf(OutcomeUnknownException.class)
        .hasRootCauseInstanceOf(StackOverflowError.class);
    assertDestroyed();
  }

  @Test
  void aCommitThatTheServerRefuses_isRolledBack() throws SQLException {
    SQLException refusal = new SQLIntegrityConstraintViolationException("deferred", "23503");
    arm("Connection.commit()", Fault.throwBefore(() -> refusal));
    UnitOfWork work = begin();
    execute(handle(), "INSERT a");
    assertThatThrownBy(work::finish)
        .isInstanceOf(RolledBackException.class)
        .hasCause(refusal)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("23503");
    assertThat(work.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.ROLLED_BACK);
    assertThat(tenant.stub.committed()).isEmpty();
    assertThat(tenant.stub.openConnections()).isEqualTo(1);
  }

  @Test
  void aRollbackThatFails_destroysTheConnection() throws SQLException {
    arm("Connection.rollback()", Fault.throwBefore(() -> new SQLException("no state")));
    UnitOfWork work = begin();
    execute(handle(), "INSERT a");
    assertThatThrownBy(work::close).isInstanceOf(SQLException.class);
    assertThat(work.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.ROLLED_BACK);
    assertDestroyed();
    assertThat(tenant.stub.committed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Connection.setTransactionIsolation(2)", "Connection.setReadOnly(false)"})
  void aResetThatFails_destroysTheConnection_andLeavesTheOutcome(String reset) throws SQLException {
    UnitOptions options =
        UnitOptions.defaults().isolation(Connection.TRANSACTION_SERIALIZABLE).readOnly();
    UnitOfWork work = tenant.dataSource.begin(TENANT, options);
    execute(handle(), "INSERT a");
    arm(reset, Fault.throwBefore(() -> new SQLException("no state")));
    work.finish();
    assertThat(work.outcome()).contains(Outcome.COMMITTED);
    assertDestroyed();
  }

  @Test
  void clearingTheWarningsThatFails_destroysTheConnection() throws SQLException {
    arm("Connection.clearWarnings()", Fault.throwBefore(() -> new IllegalStateException("no")));
    UnitOfWork work = begin();
    execute(handle(), "INSERT a");
    work.finish();
    assertThat(work.outcome()).contains(Outcome.COMMITTED);
    assertDestroyed();
  }

  @Test
  void anUndoThatFails_rollsAllBack_andTheUnitIsRollbackOnly() throws SQLException {
    tenant.stub.arm(
        call -> call.startsWith("Connection.rollback(") && !call.equals("Connection.rollback()"),
        Fault.throwBefore(() -> new SQLException("savepoint lost")));
    try (UnitOfWork work = begin();
        Connection handle = handle()) {
      execute(handle, "INSERT a");
      handle.setAutoCommit(false);
      execute(handle, "INSERT b");
      assertThatThrownBy(handle::rollback).hasMessage("savepoint lost");
      assertThat(work.isRollbackOnly()).isTrue();
      assertThatThrownBy(work::commit)
          .isInstanceOf(RolledBackException.class)
          .hasMessageContaining("savepoint lost");
    }
    assertThat(tenant.stub.committed()).isEmpty();
  }

  @Test
  void anAbortedTransaction_isNeverCommitted() throws SQLException {
    try (UnitOfWork work = begin();
        Connection handle = handle()) {
      execute(handle, "INSERT a");
      assertThatThrownBy(() -> execute(handle, "ABORT")).isInstanceOf(SQLException.class);
      assertThatThrownBy(work::commit).isInstanceOf(RolledBackException.class);
      assertThat(work.outcomes())
          .extracting(TransactionOutcome::outcome)
          .containsExactly(Outcome.ROLLED_BACK);
    }
    assertThat(tenant.stub.calls()).doesNotContain("Connection.commit()");
  }

  @Test
  void aDeadlockThatWasSwallowed_isNeverCommitted() throws SQLException {
    try (UnitOfWork work = begin();
        Connection handle = handle()) {
      execute(handle, "INSERT a");
      assertThatThrownBy(() -> execute(handle, "DEADLOCK")).isInstanceOf(SQLException.class);
      execute(handle, "INSERT b");
      assertThatThrownBy(work::commit).isInstanceOf(RolledBackException.class);
    }
    assertThat(tenant.stub.committed()).isEmpty();
  }

  @Test
  void aDeadlockInTheFirstInnerTransaction_canBeRolledBackAndRepeated() throws SQLException {
    try (UnitOfWork work = begin();
        Connection handle = handle()) {
      handle.setAutoCommit(false);
      execute(handle, "INSERT a");
      assertThatThrownBy(() -> execute(handle, "DEADLOCK")).isInstanceOf(SQLException.class);
      assertThatThrownBy(handle::commit).isInstanceOf(SQLException.class);
      handle.rollback();
      execute(handle, "INSERT again");
      handle.commit();
      work.commit();
    }
    assertThat(tenant.stub.committed()).containsExactly("again");
  }

  @Test
  void aDeadlockAfterOtherWork_makesTheUnitRollbackOnly() throws SQLException {
    try (UnitOfWork work = begin();
        Connection handle = handle()) {
      execute(handle, "INSERT before");
      handle.setAutoCommit(false);
      assertThatThrownBy(() -> execute(handle, "DEADLOCK")).isInstanceOf(SQLException.class);
      handle.rollback();
      execute(handle, "INSERT after");
      handle.commit();
      assertThatThrownBy(work::commit).isInstanceOf(RolledBackException.class);
    }
    assertThat(tenant.stub.committed()).isEmpty();
  }

  @Test
  void theFirstFailureSurvives_andLaterOnesAreSuppressed() throws SQLException {
    arm("Connection.rollback()", Fault.throwBefore(() -> new SQLException("second")));
    IllegalStateException first = new IllegalStateException("first");
    UnitCallback<Void, SQLException> failing =
        work -> {
          execute(handle(), "INSERT a");
          throw first;
        };
    assertThatThrownBy(() -> tenant.dataSource.call(TENANT, failing))
        .isSameAs(first)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1))
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessageContaining("second"));
    assertDestroyed();
  }

  @Test
  void aFailureToCloseAHandle_comesBeforeThatOfTheRollback() throws SQLException {
    UnitOfWork work = begin();
    handle().createStatement().execute("INSERT a");
    arm("Statement.close()", Fault.throwBefore(() -> new SQLException("first")));
    arm("Connection.rollback()", Fault.throwBefore(() -> new SQLException("second")));
    assertThatThrownBy(work::close)
        .hasMessage("first")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(work.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.ROLLED_BACK);
    assertDestroyed();
  }

  @Test
  void aFailureToCloseAHandle_isTheCauseOfTheRollback() throws SQLException {
    UnitOfWork work = begin();
    handle().createStatement().execute("INSERT a");
    SQLException first = new SQLException("first");
    arm("Statement.close()", Fault.throwBefore(() -> first));
    assertThatThrownBy(work::finish).isInstanceOf(RolledBackException.class).hasCause(first);
    assertThat(tenant.stub.committed()).isEmpty();
  }

  @Test
  void aConnectThatFails_leavesNoLease() throws SQLException {
    tenant
        .stub
        .arm(
            call -> call.startsWith("Driver.connect"),
            Fault.throwBefore(() -> new SQLException("refused", "08001")))
        .always();
    try (UnitOfWork work = begin()) {
      assertThatThrownBy(this::handle)
          .isInstanceOf(dev.headgate.datasource.pool.DatabaseUnavailableException.class)
          .hasMessageContaining("refused");
      assertThat(tenant.leases()).isZero();
      work.commit();
    }
    tenant.stub.disarmAll();
  }

  @Test
  void aSettingThatCanNotBeUndone_destroysTheConnection() throws SQLException {
    UnitOfWork work = begin();
    Connection handle = handle();
    handle.setSchema("elsewhere");
    execute(handle, "INSERT a");
    work.finish();
    assertThat(tenant.stub.committed()).containsExactly("a");
    assertDestroyed();
  }

  @Test
  void aSettingThatMayHaveBeenMade_destroysTheConnection() throws SQLException {
    String set = "Connection.setTransactionIsolation(8)";
    arm(set, Fault.throwAfter(() -> new SQLException("no state")));
    UnitOfWork work = begin();
    Connection handle = handle();
    assertThatThrownBy(() -> handle.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE))
        .hasMessage("no state");
    work.finish();
    assertDestroyed();
  }

  @Test
  void abort_rollsBack() throws SQLException {
    UnitOfWork work = begin();
    Connection handle = handle();
    execute(handle, "INSERT a");
    handle.abort(Runnable::run);
    assertThatThrownBy(work::finish).isInstanceOf(RolledBackException.class);
    assertThat(tenant.stub.committed()).isEmpty();
    assertDestroyed();
  }
}
