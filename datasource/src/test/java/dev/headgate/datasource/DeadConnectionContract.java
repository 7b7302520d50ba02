package dev.headgate.datasource;

import static dev.headgate.datasource.LostTransactionContract.execute;
import static dev.headgate.datasource.LostTransactionContract.swallow;
import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection that dies in the middle of a transaction is never silently replaced by another. */
abstract class DeadConnectionContract {

  enum Moment {
    BEFORE_THE_FIRST_STATEMENT,
    BETWEEN_STATEMENTS,
    WHILE_A_STATEMENT_RUNS
  }

  Tenants tenants;
  RoutingDataSource dataSource;

  abstract Tenants open() throws SQLException;

  /** Lists the other sessions of the database. */
  abstract String others();

  /** Ends a session. */
  abstract String kill(long session);

  /** A query that takes a minute. */
  abstract String sleep();

  /** Asks whether someone sleeps. */
  abstract String isAsleep();

  /** A query with more rows than all buffers on the way to the application hold. */
  abstract String manyRows();

  @BeforeEach
  void begin() throws SQLException {
    tenants = open();
    dataSource = tenants.dataSource;
  }

  @AfterEach
  void theNextUnitIsWell() throws SQLException {
    try {
      assertThat(tenants.leases()).isZero();
      assertThat(tenants.stored(ACME)).isEmpty();
      dataSource.call(
          ACME,
          work -> {
            try (Connection handle = dataSource.getConnection()) {
              insert(handle, "next");
            }
            return null;
          });
      assertThat(tenants.stored(ACME)).containsExactly("next");
    } finally {
      tenants.close();
    }
  }

  /** Kills all sessions of the pool but the one that does it, and waits until they are gone. */
  private void killAll() throws SQLException {
    try (Connection killer = dataSource.forTenant(ACME).getConnection()) {
      List<Long> sessions = others(killer);
      assertThat(sessions).isNotEmpty();
      for (long session : sessions) {
        execute(killer, kill(session));
      }
      await().until(() -> others(killer).stream().noneMatch(sessions::contains));
    }
  }

  private List<Long> others(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(others())) {
      List<Long> sessions = new ArrayList<>();
      while (rows.next()) {
        sessions.add(rows.getLong(1));
      }
      return sessions;
    }
  }

  private void killWhileAsleep() {
    await().until(() -> tenants.isTrue(isAsleep()));
    try {
      killAll();
    } catch (SQLException e) {
      throw new UncheckedSQLException(e);
    }
  }

  /** Lets the connection of the unit die, and returns the first failure. */
  private Throwable die(Connection handle, Moment moment) throws SQLException {
    if (moment == Moment.BEFORE_THE_FIRST_STATEMENT) {
      killAll();
      return catchThrowable(() -> insert(handle, "first"));
    }
    insert(handle, "first");
    if (moment == Moment.BETWEEN_STATEMENTS) {
      killAll();
      return catchThrowable(() -> insert(handle, "second"));
    }
    CompletableFuture<Void> killing = CompletableFuture.runAsync(this::killWhileAsleep);
    Throwable failure = catchThrowable(() -> execute(handle, sleep()));
    killing.join();
    return failure;
  }

  private void assertAllFails(Connection handle) throws SQLException {
    assertThatThrownBy(() -> insert(handle, "again")).isInstanceOf(SQLException.class);
    try (Connection other = dataSource.getConnection()) {
      assertThatThrownBy(() -> insert(other, "elsewhere")).isInstanceOf(SQLException.class);
    }
  }

  private void assertRolledBack(UnitOfWork work) {
    assertThatThrownBy(work::commit)
        .isInstanceOf(RolledBackException.class)
        .hasMessageContaining("of tenant \"acme\"")
        .hasCauseInstanceOf(SQLException.class);
    assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
  }

  @ParameterizedTest
  @EnumSource
  void swallowed(Moment moment) throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      Throwable failure = die(handle, moment);
      assertThat(failure).isInstanceOf(SQLException.class);
      assertAllFails(handle);
      assertThatThrownBy(work::commit)
          .isInstanceOf(RolledBackException.class)
          .hasMessageContaining("the transaction of tenant \"acme\", which was rolled back")
          .hasCause(failure);
      assertThat(work.outcomes())
          .extracting(TransactionOutcome::outcome)
          .containsExactly(Outcome.ROLLED_BACK);
    }
  }

  @ParameterizedTest
  @EnumSource
  void notSwallowed(Moment moment) throws SQLException {
    UnitOfWork work = dataSource.begin(ACME);
    Connection handle = dataSource.getConnection();
    assertThat(die(handle, moment)).isInstanceOf(SQLException.class);
    work.close();
    assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
  }

  @ParameterizedTest
  @EnumSource
  void inAnInnerTransaction_thatIsRolledBack(Moment moment) throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      handle.setAutoCommit(false);
      assertThat(die(handle, moment)).isInstanceOf(SQLException.class);
      swallow(() -> handle.rollback());
      assertRolledBack(work);
    }
  }

  @Test
  void noticedByTheRollbackOfAnInnerTransaction() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      insert(handle, "before");
      handle.setAutoCommit(false);
      insert(handle, "inside");
      killAll();
      assertThatThrownBy(() -> handle.rollback()).isInstanceOf(SQLException.class);
      assertRolledBack(work);
    }
  }

  @Test
  void noticedByTheCloseOfAHandle() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      Connection handle = dataSource.getConnection();
      handle.setAutoCommit(false);
      insert(handle, "inside");
      killAll();
      assertThatThrownBy(handle::close).isInstanceOf(SQLException.class);
      assertRolledBack(work);
    }
  }

  @Test
  void noticedByABatch() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection();
        Statement batch = handle.createStatement()) {
      insert(handle, "before");
      batch.addBatch("INSERT INTO note VALUES ('one')");
      batch.addBatch("INSERT INTO note VALUES ('two')");
      killAll();
      assertThatThrownBy(batch::executeBatch).isInstanceOf(BatchUpdateException.class);
      assertAllFails(handle);
      assertRolledBack(work);
    }
  }

  @Test
  void noticedWhileAResultIsRead() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      insert(handle, "before");
      Statement statement = handle.createStatement();
      statement.setFetchSize(1);
      ResultSet rows = statement.executeQuery(manyRows());
      assertThat(rows.next()).isTrue();
      killAll();
      assertThatThrownBy(
              () -> {
                while (rows.next()) {
                  rows.getLong(1);
                }
              })
          .isInstanceOf(SQLException.class);
      // A driver that would read the rest first may throw once more.
      swallow(statement::close);
      assertAllFails(handle);
      assertRolledBack(work);
    }
  }

  /** COMMIT was sent, and there was no answer: who asks can't tell this from a lost answer. */
  @Test
  void noticedByCommit() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      insert(handle, "before");
      killAll();
      assertThatThrownBy(work::commit).isInstanceOf(OutcomeUnknownException.class);
      assertThat(work.outcome()).contains(Outcome.UNKNOWN);
    }
  }
}
