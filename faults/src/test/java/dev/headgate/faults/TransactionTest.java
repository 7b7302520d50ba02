package dev.headgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionTest {

  private final StubDatabase database = StubDatabase.create("transaction");
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void connect() throws SQLException {
    connection = DriverManager.getConnection(database.url());
    statement = connection.createStatement();
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
    database.close();
  }

  @Test
  void insert_inAutoCommit_isCommittedAtOnce() throws SQLException {
    statement.executeUpdate("INSERT a");
    assertThat(database.committed()).containsExactly("a");
  }

  @Test
  void insert_inTransaction_waitsForCommit() throws SQLException {
    connection.setAutoCommit(false);
    statement.executeUpdate("INSERT a");
    assertThat(database.committed()).isEmpty();
    connection.commit();
    assertThat(database.committed()).containsExactly("a");
  }

  @Test
  void rollback_undoesInsertsAndDeletes() throws SQLException {
    statement.executeUpdate("INSERT a");
    connection.setAutoCommit(false);
    statement.executeUpdate("INSERT b");
    assertThat(statement.executeUpdate("DELETE a")).isEqualTo(1);
    connection.rollback();
    assertThat(database.committed()).containsExactly("a");
  }

  @Test
  void delete_removesEveryRowOfTheTokenAndCountsThem() throws SQLException {
    statement.executeUpdate("INSERT a");
    statement.executeUpdate("INSERT a");
    assertThat(statement.executeUpdate("DELETE a")).isEqualTo(2);
    assertThat(database.committed()).isEmpty();
  }

  @Test
  void setAutoCommitTrue_commits() throws SQLException {
    connection.setAutoCommit(false);
    statement.executeUpdate("INSERT a");
    connection.setAutoCommit(true);
    assertThat(database.committed()).containsExactly("a");
  }

  @Test
  void commitRollbackAndSavepoints_inAutoCommit_areRefused() {
    assertState(connection::commit, "25P01");
    assertState(connection::rollback, "25P01");
    assertState(connection::setSavepoint, "25P01");
  }

  @Test
  void close_rollsBack() throws SQLException {
    connection.setAutoCommit(false);
    statement.executeUpdate("INSERT a");
    connection.close();
    assertThat(database.committed()).isEmpty();
  }

  @Test
  void duplicate_leavesTheTransactionUsable() throws SQLException {
    connection.setAutoCommit(false);
    statement.executeUpdate("INSERT a");
    assertThatExceptionOfType(SQLIntegrityConstraintViolationException.class)
        .isThrownBy(() -> statement.executeUpdate("DUPLICATE"))
        .returns("23505", SQLException::getSQLState);
    connection.commit();
    assertThat(database.committed()).containsExactly("a");
  }

  @Test
  void abort_failsStatementsAndSavepointsUntilRollback() throws SQLException {
    connection.setAutoCommit(false);
    Savepoint savepoint = connection.setSavepoint();
    assertState(() -> statement.executeUpdate("ABORT"), "22012");
    assertState(() -> statement.executeUpdate("INSERT a"), "25P02");
    assertState(() -> statement.executeQuery("SELECT"), "25P02");
    assertState(connection::setSavepoint, "25P02");
    assertState(() -> connection.releaseSavepoint(savepoint), "25P02");
    connection.rollback();
    statement.executeUpdate("INSERT b");
    connection.commit();
    assertThat(database.committed()).containsExactly("b");
  }

  @Test
  void abort_isClearedByRollbackToASavepoint() throws SQLException {
    connection.setAutoCommit(false);
    statement.executeUpdate("INSERT a");
    Savepoint savepoint = connection.setSavepoint();
    assertState(() -> statement.executeUpdate("ABORT"), "22012");
    connection.rollback(savepoint);
    statement.executeUpdate("INSERT b");
    connection.commit();
    assertThat(database.committed()).containsExactly("a", "b");
  }

  @Test
  void commit_ofAnAbortedTransaction_quietlyRollsBack() throws SQLException {
    connection.setAutoCommit(false);
    statement.executeUpdate("INSERT a");
    assertState(() -> statement.executeUpdate("ABORT"), "22012");
    connection.commit();
    statement.executeUpdate("INSERT b");
    connection.commit();
    assertThat(database.committed()).containsExactly("b");
  }

  @Test
  void abort_inAutoCommit_affectsNothingElse() throws SQLException {
    assertState(() -> statement.executeUpdate("ABORT"), "22012");
    statement.executeUpdate("INSERT a");
    assertThat(database.committed()).containsExactly("a");
  }

  @Test
  void deadlock_rollsBackAndLaterStatementsSucceed() throws SQLException {
    connection.setAutoCommit(false);
    statement.executeUpdate("INSERT a");
    Savepoint savepoint = connection.setSavepoint();
    assertThatExceptionOfType(SQLTransactionRollbackException.class)
        .isThrownBy(() -> statement.executeUpdate("DEADLOCK"))
        .returns("40001", SQLException::getSQLState);
    assertThat(database.isClean(Settings.INITIAL.withAutoCommit(false))).isTrue();
    assertState(() -> connection.rollback(savepoint), "3B001");
    statement.executeUpdate("INSERT b");
    connection.commit();
    assertThat(database.committed()).containsExactly("b");
  }

  @Test
  void rollbackToSavepoint_keepsWhatWasBeforeAndTheSavepointItself() throws SQLException {
    connection.setAutoCommit(false);
    statement.executeUpdate("INSERT a");
    Savepoint first = connection.setSavepoint("first");
    statement.executeUpdate("INSERT b");
    Savepoint second = connection.setSavepoint();
    statement.executeUpdate("INSERT c");
    connection.rollback(first);
    assertState(() -> connection.rollback(second), "3B001");
    statement.executeUpdate("INSERT d");
    connection.rollback(first);
    connection.commit();
    assertThat(database.committed()).containsExactly("a");
  }

  @Test
  void releaseSavepoint_forgetsItAndLaterOnesAndKeepsTheWork() throws SQLException {
    connection.setAutoCommit(false);
    Savepoint first = connection.setSavepoint();
    statement.executeUpdate("INSERT a");
    Savepoint second = connection.setSavepoint();
    connection.releaseSavepoint(first);
    assertState(() -> connection.rollback(first), "3B001");
    assertState(() -> connection.rollback(second), "3B001");
    connection.commit();
    assertThat(database.committed()).containsExactly("a");
  }

  @Test
  void savepoint_ofAnEndedTransaction_isUnknown() throws SQLException {
    connection.setAutoCommit(false);
    Savepoint savepoint = connection.setSavepoint();
    connection.commit();
    assertState(() -> connection.rollback(savepoint), "3B001");
  }

  @Test
  void savepoint_hasEitherAnIdOrAName() throws SQLException {
    connection.setAutoCommit(false);
    Savepoint unnamed = connection.setSavepoint();
    Savepoint named = connection.setSavepoint("mark");
    assertThat(unnamed.getSavepointId()).isEqualTo(1);
    assertThat(named.getSavepointName()).isEqualTo("mark");
    assertThatThrownBy(unnamed::getSavepointName).isInstanceOf(SQLException.class);
    assertThatThrownBy(named::getSavepointId).isInstanceOf(SQLException.class);
  }

  private static void assertState(ThrowingCallable call, String state) {
    assertThatThrownBy(call)
        .asInstanceOf(type(SQLException.class))
        .returns(state, SQLException::getSQLState);
  }
}
