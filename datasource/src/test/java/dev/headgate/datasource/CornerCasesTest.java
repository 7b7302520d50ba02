package dev.headgate.datasource;

import static dev.headgate.datasource.StubTenant.TENANT;
import static dev.headgate.datasource.StubTenant.execute;
import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static dev.headgate.datasource.Tenants.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.faults.Fault;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbc.JdbcStatement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sequences of calls in which work was once lost, or reported wrongly. */
class CornerCasesTest {
  private final StubTenant t = new StubTenant();

  private void arm(String c, Fault f) {
    t.stub.arm(c::equals, f);
  }

  @AfterEach
  void close() {
    t.close();
  }

  @Test
  void endingAUnitOnAnotherThread_leavesThatThreadsOwnUnitAlone() throws Exception {
    try (Tenants x = Tenants.onH2()) {
      UnitOfWork a = x.dataSource.begin(ACME);
      insert(x.dataSource.getConnection(), "a");
      a.suspend();
      CompletableFuture<Object> r = new CompletableFuture<>();
      Thread th =
          new Thread(
              () -> {
                try (UnitOfWork b = x.dataSource.begin(GLOBEX)) {
                  insert(x.dataSource.getConnection(), "b");
                  a.close();
                  b.finish();
                  r.complete("ok");
                } catch (Throwable e) {
                  r.complete(e);
                }
              });
      th.start();
      th.join();
      assertThat(r.get()).isEqualTo("ok");
    }
  }

  @Test
  void workBehindAStatementOfAPlainConnection_isRolledBack() throws Exception {
    try (Tenants x = Tenants.onH2()) {
      try (Connection c = x.dataSource.forTenant(ACME).getConnection()) {
        c.setAutoCommit(false);
        c.createStatement().unwrap(JdbcStatement.class).execute("INSERT INTO note VALUES('lost')");
      }
      assertThat(x.stored(ACME)).isEmpty();
    }
  }

  @Test
  void askingForTheSchema_leavesNoTransactionInThePool() throws Exception {
    try (Tenants x = Tenants.onPostgres()) {
      try (Connection c = x.dataSource.forTenant(ACME).getConnection()) {
        c.setAutoCommit(false);
        c.getSchema();
      }
      try (Connection g = x.dataSource.forTenant(GLOBEX).getConnection();
          Statement s = g.createStatement();
          ResultSet r =
              s.executeQuery(
                  "select count(*) from pg_stat_activity where datname='acme' and state like 'idle in%'")) {
        r.next();
        assertThat(r.getInt(1)).isZero();
      }
    }
  }

  @Test
  void askingForMetaDataAfterCommit_leavesNoTransactionInThePool() throws Exception {
    try (Tenants x = Tenants.onPostgres()) {
      try (Connection c = x.dataSource.forTenant(ACME).getConnection()) {
        c.setAutoCommit(false);
        var m = c.getMetaData();
        c.commit();
        m.getTables(null, null, "x", null).close();
      }
      try (Connection g = x.dataSource.forTenant(GLOBEX).getConnection();
          Statement s = g.createStatement();
          ResultSet r =
              s.executeQuery(
                  "select count(*) from pg_stat_activity where datname='acme' and state like 'idle in%'")) {
        r.next();
        assertThat(r.getInt(1)).isZero();
      }
    }
  }

  @Test
  void workBehindUnwrapAfterACommit_isNotUndoneWithAnotherInnerTransaction() throws Exception {
    try (Tenants x = Tenants.onH2()) {
      try (UnitOfWork w = x.dataSource.begin(ACME)) {
        Connection h = x.dataSource.getConnection();
        Connection raw = h.unwrap(JdbcConnection.class);
        insert(h, "0");
        w.commit();
        insert(raw, "x");
        Connection h2 = x.dataSource.getConnection();
        h2.setAutoCommit(false);
        insert(h2, "y");
        h2.rollback();
        h2.close();
        w.finish();
      }
      assertThat(x.stored(ACME)).containsExactly("0", "x");
    }
  }

  @Test
  void anUnknownOutcomeThatWasSwallowed_staysUnknown() throws Exception {
    arm("Connection.commit()", Fault.breakAfter());
    UnitOfWork w = t.dataSource.begin(TENANT);
    execute(t.dataSource.getConnection(), "INSERT a");
    assertThatThrownBy(w::commit).isInstanceOf(OutcomeUnknownException.class);
    assertThatThrownBy(w::finish)
        .isNotInstanceOf(RolledBackException.class)
        .hasMessageNotContaining("nothing of it is stored");
  }

  @Test
  void rollbackOnlyAfterACommit_doesNotDenyTheCommit() throws Exception {
    UnitOfWork w = t.dataSource.begin(TENANT);
    execute(t.dataSource.getConnection(), "INSERT a");
    w.commit();
    w.setRollbackOnly();
    assertThatThrownBy(w::finish).hasMessageNotContaining("nothing of it is stored");
  }

  @Test
  void anUndoThatFails_hasAnOutcome() throws Exception {
    t.stub.arm(
        c -> c.startsWith("Connection.rollback(") && !c.equals("Connection.rollback()"),
        Fault.throwBefore(() -> new SQLException("sp")));
    UnitOfWork w = t.dataSource.begin(TENANT);
    Connection h = t.dataSource.getConnection();
    execute(h, "INSERT a");
    h.setAutoCommit(false);
    execute(h, "INSERT b");
    assertThatThrownBy(h::rollback).isInstanceOf(SQLException.class);
    assertThatThrownBy(w::finish).isInstanceOf(RolledBackException.class);
    assertThat(w.outcome()).contains(Outcome.ROLLED_BACK);
  }

  @Test
  void aUnitThatJoined_canNotCommitWorkThatAnOuterTransactionUndid() throws Exception {
    UnitOfWork w = t.dataSource.begin(TENANT);
    Connection o = t.dataSource.getConnection();
    o.setAutoCommit(false);
    execute(o, "INSERT o");
    UnitOfWork j = t.dataSource.begin(TENANT);
    try (Connection h = t.dataSource.getConnection()) {
      execute(h, "INSERT j");
    }
    o.rollback();
    assertThatThrownBy(j::finish).isInstanceOf(SQLException.class);
    w.close();
  }

  @Test
  void anIndependentUnitEndedElsewhere_leavesTheOuterOneCurrent() throws Exception {
    try (UnitOfWork o = t.dataSource.begin(TENANT)) {
      UnitOfWork i = t.dataSource.beginIndependent(TENANT, UnitOptions.defaults());
      Thread th =
          new Thread(
              i.handOver(
                  () -> {
                    try {
                      i.close();
                    } catch (SQLException e) {
                      throw new AssertionError(e);
                    }
                  }));
      th.start();
      th.join();
      assertThat(t.dataSource.current()).isSameAs(o);
    }
  }

  @Test
  void aFailureToUndo_doesNotHideThatOfTheCommit() throws Exception {
    try (UnitOfWork w = t.dataSource.begin(TENANT)) {
      Connection h = t.dataSource.getConnection();
      execute(h, "INSERT 0");
      UnitOfWork j = t.dataSource.begin(TENANT);
      execute(h, "INSERT a");
      assertThatThrownBy(() -> execute(h, "ABORT")).isInstanceOf(SQLException.class);
      t.stub.arm(
          c -> c.startsWith("Connection.rollback("),
          Fault.throwBefore(() -> new SQLException("second")));
      assertThatThrownBy(j::finish)
          .satisfies(e -> assertThat(e.getMessage()).contains("can't be committed"));
    }
  }

  @Test
  void closeWithoutCommit_doesNotSilentlyUndoTheWorkOfOthers() throws Exception {
    UnitOfWork w = t.dataSource.begin(TENANT);
    Connection a = t.dataSource.getConnection();
    a.setAutoCommit(false);
    execute(a, "SELECT 1");
    try (Connection b = t.dataSource.getConnection()) {
      b.setAutoCommit(false);
      execute(b, "INSERT b");
      b.commit();
      b.setAutoCommit(true);
    }
    a.close();
    assertThatThrownBy(w::finish)
        .isInstanceOf(RolledBackException.class)
        .hasMessageContaining("others have worked");
  }

  @Test
  void aCommitOfWorkBehindUnwrap_isTheOutcome() throws Exception {
    try (Tenants x = Tenants.onH2()) {
      UnitOfWork w = x.dataSource.begin(ACME);
      Connection h = x.dataSource.getConnection();
      insert(h.unwrap(JdbcConnection.class), "a");
      w.commit();
      w.close();
      assertThat(w.outcome()).contains(Outcome.COMMITTED);
    }
  }

  @Test
  void anAbortedConnection_isClosed() throws Exception {
    try (UnitOfWork w = t.dataSource.begin(TENANT)) {
      Connection h = t.dataSource.getConnection();
      h.abort(Runnable::run);
      assertThat(h.isClosed()).isTrue();
    }
  }

  @Test
  void anIndependentUnitThatFailsToEnd_leavesNoHandleOpen() throws Exception {
    UnitOfWork w = t.dataSource.begin(TENANT);
    Connection h = t.dataSource.getConnection();
    execute(h, "INSERT a");
    t.dataSource.beginIndependent(TENANT, UnitOptions.defaults());
    execute(t.dataSource.getConnection(), "INSERT i");
    arm("Connection.rollback()", Fault.throwBefore(() -> new SQLException("rb")));
    assertThatThrownBy(w::finish).isInstanceOf(RolledBackException.class);
    assertThat(h.isClosed()).isTrue();
  }

  @Test
  void aConnectionThatBreaksWhenAsked_isNotValid() throws Exception {
    try (UnitOfWork w = t.dataSource.begin(TENANT)) {
      Connection h = t.dataSource.getConnection();
      execute(h, "INSERT a");
      h.setAutoCommit(false);
      t.stub.arm(c -> c.startsWith("Connection.setSavepoint"), Fault.breakBefore());
      assertThat(h.isValid(1)).isFalse();
    }
  }

  @Test
  void aDeadlockInAnyCallOfTheConnection_isNoticed() throws Exception {
    try (UnitOfWork w = t.dataSource.begin(TENANT)) {
      Connection h = t.dataSource.getConnection();
      execute(h, "INSERT a");
      t.stub.arm(
          c -> c.startsWith("Connection.setClientInfo"),
          Fault.throwBefore(() -> new SQLException("x", "40001")));
      assertThatThrownBy(() -> h.setClientInfo("ApplicationName", "x"))
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(w::finish).isInstanceOf(RolledBackException.class);
    }
  }

  @Test
  void autoCommitChangedBehindUnwrap_isNotSeenByTheNext() throws Exception {
    try (Tenants x = Tenants.onH2()) {
      try (UnitOfWork w = x.dataSource.begin(ACME)) {
        x.dataSource.getConnection().unwrap(JdbcConnection.class).setAutoCommit(true);
        w.close();
      }
      try (UnitOfWork w = x.dataSource.begin(ACME)) {
        insert(x.dataSource.getConnection(), "leak");
        assertThat(w.outcome()).isEmpty();
      }
      assertThat(x.stored(ACME)).isEmpty();
    }
  }

  @Test
  void aTransactionBelow_isToldThatAnInnerRollbackTookItsWork() throws Exception {
    UnitOfWork w = t.dataSource.begin(TENANT);
    Connection o = t.dataSource.getConnection();
    o.setAutoCommit(false);
    execute(o, "INSERT o1");
    Connection i = t.dataSource.getConnection();
    i.setAutoCommit(false);
    execute(i, "INSERT i");
    execute(o, "INSERT o2");
    i.rollback();
    assertThatThrownBy(o::commit).hasMessageContaining("rolled back together");
    w.close();
  }
}
