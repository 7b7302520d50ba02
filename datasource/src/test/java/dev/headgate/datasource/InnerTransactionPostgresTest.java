package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class InnerTransactionPostgresTest extends InnerTransactionContract {

  @Override
  Tenants open() throws SQLException {
    return Tenants.onPostgres();
  }

  @Test
  void aSwallowedDuplicateKey_isNeverReportedAsCommitted() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      insert(handle, "a");
      assertThatThrownBy(() -> insert(handle, "a")).isInstanceOf(SQLException.class);
      assertThatThrownBy(work::commit)
          .isInstanceOf(RolledBackException.class)
          .hasRootCauseMessage(
              "ERROR: duplicate key value violates unique constraint \"note_pkey\"\n"
                  + "  Detail: Key (text)=(a) already exists.");
      assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
    }
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void aFailureThatWasRolledBack_doesNotHinderTheUnit() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      insert(handle, "a");
      handle.setAutoCommit(false);
      assertThatThrownBy(() -> insert(handle, "a")).isInstanceOf(SQLException.class);
      assertThatThrownBy(handle::commit)
          .hasMessageContaining("can't be committed")
          .hasCauseInstanceOf(SQLException.class);
      handle.rollback();
      insert(handle, "b");
      handle.commit();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a", "b");
  }

  @Test
  void aFailureOfAResultThatIsReadInParts_isNoticed() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection();
        Statement statement = handle.createStatement()) {
      insert(handle, "a");
      statement.setFetchSize(1);
      var numbers = statement.executeQuery("SELECT 1 / (2 - n) FROM generate_series(1, 3) n");
      assertThatThrownBy(
              () -> {
                while (numbers.next()) {
                  numbers.getInt(1);
                }
              })
          .hasMessageContaining("division by zero");
      assertThatThrownBy(work::commit).isInstanceOf(RolledBackException.class);
    }
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void aFailureBehindUnwrap_isFoundByAProbe() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      insert(handle, "a");
      Connection own = (Connection) handle.unwrap(PGConnection.class);
      try (Statement statement = own.createStatement()) {
        assertThatThrownBy(() -> statement.execute("nonsense")).isInstanceOf(SQLException.class);
      }
      assertThatThrownBy(work::commit).isInstanceOf(RolledBackException.class);
    }
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void workBehindUnwrap_isUndoneWithTheInnerTransaction() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      insert(handle, "a");
      Connection own = (Connection) handle.unwrap(PGConnection.class);
      handle.setAutoCommit(false);
      insert(own, "behind");
      handle.rollback();
      handle.setAutoCommit(true);
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  @Test
  void aConstraintThatFailsAtCommit_rollsBack() throws SQLException {
    try (Connection plain = dataSource.forTenant(ACME).getConnection();
        Statement statement = plain.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS child");
      statement.execute(
          "CREATE TABLE child (text VARCHAR(100) REFERENCES note"
              + " DEFERRABLE INITIALLY DEFERRED)");
    }
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection();
        Statement statement = handle.createStatement()) {
      statement.execute("INSERT INTO child VALUES ('orphan')");
      assertThatThrownBy(work::commit)
          .isInstanceOf(RolledBackException.class)
          .hasMessageContaining("acme");
      assertThat(work.outcomes())
          .extracting(TransactionOutcome::outcome)
          .containsExactly(Outcome.ROLLED_BACK);
      assertThatThrownBy(work::commit).isInstanceOf(RolledBackException.class);
    }
  }

  @Test
  void readOnlyUnits_areRefusedWritesByTheDatabase() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, UnitOptions.defaults().readOnly());
        Connection handle = dataSource.getConnection()) {
      assertThatThrownBy(() -> insert(handle, "a")).hasMessageContaining("read-only");
      assertThat(work.isRollbackOnly()).isFalse();
    }
    dataSource.call(
        ACME,
        work -> {
          try (Connection handle = dataSource.getConnection()) {
            insert(handle, "b");
          }
          return null;
        });
    assertThat(tenants.stored(ACME)).containsExactly("b");
  }

  @Test
  void aSearchPathOfOneRequest_isNotSeenByTheNext() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      handle.setSchema("pg_catalog");
      work.commit();
    }
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      assertThat(handle.getSchema()).isEqualTo("public");
      work.commit();
    }
  }
}
