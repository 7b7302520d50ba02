package dev.headgate.datasource;

import static dev.headgate.datasource.LostTransactionContract.execute;
import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.insert;
import static dev.headgate.datasource.Tenants.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Failures that undo their statement alone: a unit that goes on stores the rest. */
class FailedStatementMariaDbTest {

  private Tenants tenants;
  private RoutingDataSource dataSource;
  private UnitOfWork work;

  @BeforeEach
  void begin() throws SQLException {
    tenants = Tenants.onMariaDb();
    dataSource = tenants.dataSource;
    work = dataSource.begin(ACME);
  }

  @AfterEach
  void nothingIsLeft() throws SQLException {
    try {
      work.close();
      assertThat(tenants.leases()).isZero();
    } finally {
      tenants.close();
    }
  }

  private void assertStored(String... texts) throws SQLException {
    work.commit();
    assertThat(work.outcome()).contains(Outcome.COMMITTED);
    assertThat(tenants.stored(ACME)).containsExactly(texts);
  }

  @Test
  void aDuplicateKey() throws SQLException {
    try (Connection handle = dataSource.getConnection()) {
      insert(handle, "a");
      assertThatThrownBy(() -> insert(handle, "a")).isInstanceOf(SQLException.class);
      insert(handle, "b");
    }
    assertStored("a", "b");
  }

  @Test
  void aDuplicateKeyInABatch() throws SQLException {
    List<String> seen;
    try (Connection handle = dataSource.getConnection();
        Statement batch = handle.createStatement()) {
      insert(handle, "a");
      for (String text : List.of("b", "a", "c")) {
        batch.addBatch("INSERT INTO note VALUES ('" + text + "')");
      }
      assertThatThrownBy(batch::executeBatch).isInstanceOf(BatchUpdateException.class);
      insert(handle, "d");
      seen = texts(handle);
      assertThat(seen).contains("a", "d");
    }
    assertStored(seen.toArray(new String[0]));
  }

  @Test
  void aDuplicateKeyInAnInnerTransaction_thatIsRolledBack() throws SQLException {
    try (Connection outer = dataSource.getConnection();
        Connection inner = dataSource.getConnection()) {
      insert(outer, "a");
      inner.setAutoCommit(false);
      insert(inner, "undone");
      assertThatThrownBy(() -> insert(inner, "a")).isInstanceOf(SQLException.class);
      inner.rollback();
      insert(inner, "b");
      inner.commit();
    }
    assertStored("a", "b");
  }

  @Test
  void aDuplicateKeyAfterASavepoint_thatIsRolledBackTo() throws SQLException {
    try (Connection handle = dataSource.getConnection()) {
      handle.setAutoCommit(false);
      insert(handle, "a");
      Savepoint savepoint = handle.setSavepoint();
      insert(handle, "undone");
      assertThatThrownBy(() -> insert(handle, "a")).isInstanceOf(SQLException.class);
      handle.rollback(savepoint);
      insert(handle, "b");
      handle.commit();
    }
    assertStored("a", "b");
  }

  @Test
  void aLockThatIsWaitedForInVain() throws SQLException {
    try (Connection plain = dataSource.forTenant(ACME).getConnection()) {
      insert(plain, "of another");
    }
    try (Rival rival = new Rival(dataSource);
        Connection handle = dataSource.getConnection()) {
      rival.begin(
          other -> execute(other, "DELETE FROM note WHERE text = 'of another'"),
          rival::waitForTheEnd);
      execute(handle, "SET innodb_lock_wait_timeout = 0");
      insert(handle, "a");
      assertThatThrownBy(() -> execute(handle, "DELETE FROM note WHERE text = 'of another'"))
          .hasMessageContaining("Lock wait timeout exceeded");
      insert(handle, "b");
      assertThat(work.isRollbackOnly()).isFalse();
    }
    assertStored("a", "b");
  }

  @Test
  void aStatementThatTakesTooLong() throws SQLException {
    try (Connection handle = dataSource.getConnection()) {
      insert(handle, "a");
      assertThatThrownBy(
              () ->
                  execute(
                      handle,
                      "SET STATEMENT max_statement_time = 0.01"
                          + " FOR UPDATE note SET text = SLEEP(60)"))
          .hasMessageContaining("max_statement_time exceeded");
      insert(handle, "b");
    }
    assertStored("a", "b");
  }
}
