package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The database has undone the whole transaction, and the application swallows the failure and goes
 * on. What it has done before is gone, and so nothing may be reported as committed.
 */
abstract class LostTransactionContract {

  /** Loses the transaction. */
  private static final String LOSING = "UPDATE account SET amount = amount + 1 WHERE id = 2";

  Tenants tenants;
  RoutingDataSource dataSource;

  /** The one who is in the way. */
  Rival rival;

  abstract Tenants open() throws SQLException;

  UnitOptions options() {
    return UnitOptions.defaults();
  }

  /** Lets the next access of this handle to the account 2, to write, lose its transaction. */
  abstract void provoke(Connection handle) throws SQLException;

  @BeforeEach
  void start() throws SQLException {
    tenants = open();
    dataSource = tenants.dataSource;
    rival = new Rival(dataSource);
    try (Connection plain = dataSource.forTenant(ACME).getConnection()) {
      execute(plain, "DROP TABLE IF EXISTS account");
      execute(plain, "CREATE TABLE account (id INT PRIMARY KEY, amount INT)");
      execute(plain, "INSERT INTO account VALUES (0, 0), (1, 0), (2, 0)");
    }
  }

  @AfterEach
  void theNextUnitIsWell() throws SQLException {
    try {
      rival.close();
      assertThat(tenants.leases()).isZero();
      dataSource.call(
          ACME,
          work -> {
            try (Connection handle = dataSource.getConnection()) {
              execute(handle, LOSING);
              insert(handle, "next");
            }
            return null;
          });
      assertThat(tenants.stored(ACME)).contains("next");
    } finally {
      tenants.close();
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** As a careless application does. */
  static void swallow(ThrowingCallable action) {
    Throwable unused = catchThrowable(action);
  }

  private Throwable lose(Connection handle) throws SQLException {
    provoke(handle);
    Throwable failure = catchThrowable(() -> execute(handle, LOSING));
    assertThat(failure).isInstanceOf(SQLException.class);
    return failure;
  }

  /** What an application tries that has not understood. It fails in some databases. */
  private void goOn() throws SQLException {
    try (Connection other = dataSource.getConnection()) {
      swallow(() -> insert(other, "after"));
    }
  }

  private void assertRolledBack(UnitOfWork work) throws SQLException {
    assertThatThrownBy(work::commit)
        .isInstanceOf(RolledBackException.class)
        .hasMessageContaining("of tenant \"acme\"")
        .hasCauseInstanceOf(SQLException.class);
    assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
    work.close();
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void swallowed() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, options());
        Connection handle = dataSource.getConnection()) {
      insert(handle, "before");
      Throwable failure = lose(handle);
      goOn();
      assertThatThrownBy(work::commit)
          .isInstanceOf(RolledBackException.class)
          .hasMessageContaining("the transaction of tenant \"acme\", which was rolled back")
          .hasMessageContaining(failure.getMessage())
          .hasCause(failure);
      assertThat(work.outcomes())
          .extracting(TransactionOutcome::outcome)
          .containsExactly(Outcome.ROLLED_BACK);
    }
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void notSwallowed() throws SQLException {
    UnitOfWork work = dataSource.begin(ACME, options());
    Connection handle = dataSource.getConnection();
    insert(handle, "before");
    lose(handle);
    work.close();
    assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void inAnInnerTransaction_thatIsRolledBack() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, options());
        Connection outer = dataSource.getConnection();
        Connection inner = dataSource.getConnection()) {
      insert(outer, "before");
      inner.setAutoCommit(false);
      insert(inner, "inside");
      lose(inner);
      inner.rollback();
      goOn();
      assertRolledBack(work);
    }
  }

  @Test
  void inAnInnerTransaction_thatIsCommitted() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, options());
        Connection handle = dataSource.getConnection()) {
      handle.setAutoCommit(false);
      insert(handle, "inside");
      Throwable failure = lose(handle);
      assertThatThrownBy(handle::commit)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("can't be committed")
          .hasCause(failure);
      goOn();
      assertRolledBack(work);
    }
  }

  @Test
  void afterASavepoint_thatIsRolledBackTo() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, options());
        Connection handle = dataSource.getConnection()) {
      handle.setAutoCommit(false);
      insert(handle, "before");
      Savepoint savepoint = handle.setSavepoint();
      insert(handle, "inside");
      lose(handle);
      handle.rollback(savepoint);
      swallow(() -> insert(handle, "after"));
      swallow(handle::commit);
      assertRolledBack(work);
    }
  }

  @Test
  void aRollbackOfALaterInnerTransaction_doesNotMendIt() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, options());
        Connection handle = dataSource.getConnection();
        Connection later = dataSource.getConnection()) {
      insert(handle, "before");
      lose(handle);
      later.setAutoCommit(false);
      swallow(() -> insert(later, "later"));
      swallow(later::rollback);
      goOn();
      assertRolledBack(work);
    }
  }

  @Test
  void inAUnitThatJoined_andIsUndone() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, options());
        Connection handle = dataSource.getConnection()) {
      insert(handle, "before");
      try (UnitOfWork part = dataSource.begin(ACME);
          Connection inside = dataSource.getConnection()) {
        insert(inside, "inside");
        lose(inside);
      }
      goOn();
      assertRolledBack(work);
    }
  }

  @Test
  void inABatch() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, options());
        Connection handle = dataSource.getConnection();
        Statement batch = handle.createStatement()) {
      insert(handle, "before");
      provoke(handle);
      batch.addBatch("INSERT INTO note VALUES ('first of the batch')");
      batch.addBatch(LOSING);
      batch.addBatch("INSERT INTO note VALUES ('last of the batch')");
      assertThatThrownBy(batch::executeBatch).isInstanceOf(BatchUpdateException.class);
      goOn();
      assertRolledBack(work);
    }
  }

  @Test
  void inAPreparedBatch() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, options());
        Connection handle = dataSource.getConnection();
        var batch = handle.prepareStatement("UPDATE account SET amount = 1 WHERE id = ?")) {
      insert(handle, "before");
      provoke(handle);
      for (int id : new int[] {0, 2, 0}) {
        batch.setInt(1, id);
        batch.addBatch();
      }
      assertThatThrownBy(batch::executeBatch).isInstanceOf(BatchUpdateException.class);
      goOn();
      assertRolledBack(work);
    }
  }

  @Test
  void whileAResultIsRead() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, options());
        Connection handle = dataSource.getConnection();
        Statement statement = handle.createStatement()) {
      insert(handle, "before");
      provoke(handle);
      statement.setFetchSize(1);
      ResultSet accounts =
          statement.executeQuery("SELECT id FROM account WHERE id <> 1 ORDER BY id FOR UPDATE");
      assertThat(accounts.next()).isTrue();
      assertThatThrownBy(accounts::next).isInstanceOf(SQLException.class);
      goOn();
      assertRolledBack(work);
    }
  }

  @Test
  void anInnerTransactionThatWasAllThereWas_canBeRolledBackAndDoneAgain() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, options());
        Connection handle = dataSource.getConnection()) {
      handle.setAutoCommit(false);
      insert(handle, "lost");
      lose(handle);
      handle.rollback();
      insert(handle, "again");
      handle.commit();
      work.commit();
      assertThat(work.outcome()).contains(Outcome.COMMITTED);
    }
    assertThat(tenants.stored(ACME)).containsExactly("again");
  }
}
