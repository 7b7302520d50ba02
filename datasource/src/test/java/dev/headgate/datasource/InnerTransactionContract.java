package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.insert;
import static dev.headgate.datasource.Tenants.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a handle does with transactions inside a unit of work, the same on each database. */
abstract class InnerTransactionContract {

  Tenants tenants;
  RoutingDataSource dataSource;

  abstract Tenants open() throws SQLException;

  /** Returns the isolation level that the database has where nothing is said. */
  int isolation() {
    return Connection.TRANSACTION_READ_COMMITTED;
  }

  @BeforeEach
  void begin() throws SQLException {
    tenants = open();
    dataSource = tenants.dataSource;
  }

  @AfterEach
  void nothingIsLeft() {
    try {
      assertThat(tenants.leases()).isZero();
      assertThatThrownBy(() -> dataSource.current()).isInstanceOf(IllegalStateException.class);
    } finally {
      tenants.close();
    }
  }

  @Test
  void aHandleIsInAutoCommitModeUntilItIsChanged() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      assertThat(handle.getAutoCommit()).isTrue();
      handle.setAutoCommit(false);
      assertThat(handle.getAutoCommit()).isFalse();
      try (Connection other = dataSource.getConnection()) {
        assertThat(other.getAutoCommit()).isTrue();
      }
      work.commit();
    }
  }

  @Test
  void inAutoCommitMode_workIsStoredAtTheUnitsEndAndNotBefore() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      try (Connection handle = dataSource.getConnection()) {
        insert(handle, "a");
      }
      assertThat(tenants.stored(ACME)).isEmpty();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  @Test
  void commitOfAnInnerTransaction_isUndoneWithTheUnit() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      handle.setAutoCommit(false);
      insert(handle, "a");
      handle.commit();
      assertThat(work.isRollbackOnly()).isFalse();
    }
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void rollback_undoesTheInnerTransactionAlone() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection outer = dataSource.getConnection();
        Connection handle = dataSource.getConnection()) {
      insert(outer, "before");
      handle.setAutoCommit(false);
      insert(handle, "undone");
      handle.rollback();
      insert(handle, "after");
      handle.commit();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("after", "before");
  }

  @Test
  void commitMovesTheMark_soThatALaterRollbackKeepsWhatWasCommitted() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      handle.setAutoCommit(false);
      for (int i = 0; i < 5; i++) {
        insert(handle, "kept" + i);
        handle.commit();
        insert(handle, "undone" + i);
        handle.rollback();
      }
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("kept0", "kept1", "kept2", "kept3", "kept4");
  }

  @Test
  void rollback_takesAlongWhatOtherHandlesDidSince() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection outer = dataSource.getConnection();
        Connection inner = dataSource.getConnection()) {
      insert(inner, "before");
      outer.setAutoCommit(false);
      insert(outer, "a");
      inner.setAutoCommit(false);
      insert(inner, "b");
      inner.commit();
      inner.setAutoCommit(true);
      insert(inner, "c");
      outer.rollback();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("before");
  }

  @Test
  void aFallenInnerTransaction_canNotBeCommitted_untilItIsRolledBack() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection outer = dataSource.getConnection();
        Connection inner = dataSource.getConnection()) {
      outer.setAutoCommit(false);
      insert(outer, "a");
      inner.setAutoCommit(false);
      insert(inner, "b");
      outer.rollback();
      assertThatThrownBy(inner::commit)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("rolled back together with an outer one");
      assertThatThrownBy(() -> inner.setAutoCommit(true)).isInstanceOf(SQLException.class);
      inner.rollback();
      insert(inner, "c");
      inner.commit();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("c");
  }

  @Test
  void anInnerTransactionWithoutWork_doesNotFall() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection outer = dataSource.getConnection();
        Connection inner = dataSource.getConnection()) {
      outer.setAutoCommit(false);
      insert(outer, "a");
      inner.setAutoCommit(false);
      outer.rollback();
      insert(inner, "b");
      inner.commit();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("b");
  }

  @Test
  void innerRollback_keepsTheOuterTransactionsWork() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection outer = dataSource.getConnection();
        Connection inner = dataSource.getConnection()) {
      outer.setAutoCommit(false);
      insert(outer, "a");
      inner.setAutoCommit(false);
      insert(inner, "b");
      inner.rollback();
      insert(outer, "c");
      outer.commit();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a", "c");
  }

  @Test
  void handlesSeeEachOthersWork() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection one = dataSource.getConnection();
        Connection other = dataSource.getConnection()) {
      one.setAutoCommit(false);
      insert(one, "a");
      assertThat(texts(other)).containsExactly("a");
      work.setRollbackOnly();
    }
  }

  @Test
  void autoCommitOnAgain_endsTheInnerTransactionAsCommitted() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      handle.setAutoCommit(false);
      insert(handle, "a");
      handle.setAutoCommit(true);
      assertThatThrownBy(handle::rollback).isInstanceOf(SQLException.class);
      handle.close();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  @Test
  void close_undoesWhatTheInnerTransactionHasNotCommitted() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      try (Connection handle = dataSource.getConnection()) {
        handle.setAutoCommit(false);
        insert(handle, "kept");
        handle.commit();
        insert(handle, "undone");
      }
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("kept");
  }

  @Test
  void closeWithoutWorkOfItsOwn_keepsTheWorkOfOthers() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection other = dataSource.getConnection()) {
      try (Connection idle = dataSource.getConnection()) {
        idle.setAutoCommit(false);
        insert(other, "a");
      }
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  @Test
  void close_undoesItsWork_ifThatOfOthersWasRolledBackBefore() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection other = dataSource.getConnection()) {
      insert(other, "before");
      try (Connection handle = dataSource.getConnection()) {
        handle.setAutoCommit(false);
        insert(handle, "undone");
        other.setAutoCommit(false);
        insert(other, "rolled back");
        other.rollback();
      }
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("before");
  }

  @Test
  void close_afterOthersHaveWorked_makesTheUnitRollbackOnly() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection other = dataSource.getConnection()) {
      try (Connection handle = dataSource.getConnection()) {
        handle.setAutoCommit(false);
        insert(handle, "not committed");
        insert(other, "of the other");
      }
      assertThat(work.isRollbackOnly()).isTrue();
      assertThatThrownBy(work::commit)
          .isInstanceOf(RolledBackException.class)
          .hasMessageContaining("others have worked");
    }
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void close_afterItsWorkWasUndoneByAnOuterRollback_keepsWhatOthersDoNext() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection outer = dataSource.getConnection();
        Connection other = dataSource.getConnection()) {
      outer.setAutoCommit(false);
      try (Connection handle = dataSource.getConnection()) {
        handle.setAutoCommit(false);
        insert(handle, "undone");
        outer.rollback();
        insert(other, "kept");
      }
      outer.commit();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("kept");
  }

  @Test
  void anInnerRollbackOfAllWork_leavesNothingThatCouldHaveAnOutcome() throws SQLException {
    UnitOfWork work = dataSource.begin(ACME);
    try (Connection handle = dataSource.getConnection()) {
      handle.setAutoCommit(false);
      insert(handle, "undone");
      handle.rollback();
    }
    work.close();
    assertThat(work.outcome()).isEmpty();
  }

  @Test
  void commitAndRollbackInAutoCommitMode_throw() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      assertThatThrownBy(handle::commit).hasMessageContaining("auto-commit mode");
      assertThatThrownBy(handle::rollback).hasMessageContaining("auto-commit mode");
      assertThatThrownBy(handle::setSavepoint).hasMessageContaining("auto-commit mode");
      work.commit();
    }
  }

  @Test
  void savepoints_undoToThemselves() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      handle.setAutoCommit(false);
      insert(handle, "a");
      Savepoint first = handle.setSavepoint();
      insert(handle, "b");
      Savepoint second = handle.setSavepoint("second");
      insert(handle, "c");
      handle.rollback(second);
      assertThat(texts(handle)).containsExactly("a", "b");
      insert(handle, "d");
      handle.rollback(first);
      assertThatThrownBy(() -> handle.rollback(second)).isInstanceOf(SQLException.class);
      handle.releaseSavepoint(first);
      assertThatThrownBy(() -> handle.rollback(first)).isInstanceOf(SQLException.class);
      assertThat(second.getSavepointName()).isEqualTo("second");
      assertThatThrownBy(second::getSavepointId).isInstanceOf(SQLException.class);
      handle.commit();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  @Test
  void aSavepointAtTheStartOfTheInnerTransaction_undoesAllOfItAndNoMore() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      insert(handle, "before");
      handle.setAutoCommit(false);
      Savepoint start = handle.setSavepoint();
      insert(handle, "undone");
      handle.rollback(start);
      insert(handle, "kept");
      handle.commit();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("before", "kept");
  }

  @Test
  void aSavepointThatAnOuterRollbackHasPassed_isGone() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection outer = dataSource.getConnection();
        Connection inner = dataSource.getConnection()) {
      outer.setAutoCommit(false);
      insert(outer, "a");
      inner.setAutoCommit(false);
      insert(inner, "b");
      Savepoint savepoint = inner.setSavepoint();
      insert(inner, "c");
      outer.rollback();
      assertThatThrownBy(() -> inner.rollback(savepoint))
          .hasMessageContaining("rollback of an outer transaction");
      inner.rollback();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void unitCommit_storesOpenInnerTransactionsAndMovesTheirMarks() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      handle.setAutoCommit(false);
      insert(handle, "stored");
      work.commit();
      insert(handle, "undone");
      handle.rollback();
      insert(handle, "kept");
      handle.commit();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("kept", "stored");
  }

  @Test
  void finish_undoesWhatAnOpenHandleHasNotCommitted() throws SQLException {
    UnitOfWork work = dataSource.begin(ACME);
    Connection handle = dataSource.getConnection();
    handle.setAutoCommit(false);
    insert(handle, "kept");
    handle.commit();
    insert(handle, "undone");
    work.finish();
    assertThat(handle.isClosed()).isTrue();
    assertThat(tenants.stored(ACME)).containsExactly("kept");
  }

  @Test
  void readOnlyIsAHint_andDoesNotHinderOthers() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection reader = dataSource.getConnection();
        Connection writer = dataSource.getConnection()) {
      reader.setReadOnly(true);
      assertThat(reader.isReadOnly()).isTrue();
      assertThat(writer.isReadOnly()).isFalse();
      insert(writer, "a");
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  @Test
  void isolation_canBeSetBeforeTheFirstStatement_andTheSameLevelLater() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      handle.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      insert(handle, "a");
      handle.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      assertThat(handle.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
      assertThatThrownBy(
              () -> handle.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED))
          .hasMessageContaining("after the first statement");
      work.commit();
    }
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      assertThat(handle.getTransactionIsolation()).isEqualTo(isolation());
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  @Test
  void optionsOfBegin_setTheIsolationAndResetItAfterwards() throws SQLException {
    UnitOptions serializable =
        UnitOptions.defaults().isolation(Connection.TRANSACTION_SERIALIZABLE);
    try (UnitOfWork work = dataSource.begin(ACME, serializable);
        Connection handle = dataSource.getConnection()) {
      assertThat(handle.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
      insert(handle, "a");
      work.commit();
    }
    try (Connection plain = dataSource.forTenant(ACME).getConnection()) {
      assertThat(plain.getTransactionIsolation()).isEqualTo(isolation());
    }
  }

  @Test
  void whatIsUndoneInsideAUnitThatJoined_isNoLossToIt() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      try (UnitOfWork part = dataSource.begin(ACME)) {
        try (Connection handle = dataSource.getConnection()) {
          handle.setAutoCommit(false);
          insert(handle, "rolled back at the start");
          handle.rollback();
          insert(handle, "a");
          handle.commit();
          insert(handle, "rolled back");
          handle.rollback();
        }
        try (UnitOfWork inner = dataSource.begin(ACME);
            Connection handle = dataSource.getConnection()) {
          insert(handle, "never committed");
        }
        part.commit();
      }
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  @Test
  void whatIsUndoneAroundAUnitThatJoined_isALossToIt() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection outer = dataSource.getConnection()) {
      outer.setAutoCommit(false);
      UnitOfWork part = dataSource.begin(ACME);
      try (Connection handle = dataSource.getConnection()) {
        insert(handle, "of the part");
      }
      outer.rollback();
      assertThatThrownBy(part::commit)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("was rolled back together with an outer one");
      part.close();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).isEmpty();
  }
}
