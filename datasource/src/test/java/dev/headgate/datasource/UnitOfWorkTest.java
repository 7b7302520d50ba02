package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static dev.headgate.datasource.Tenants.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnitOfWorkTest {

  private Tenants tenants;
  private RoutingDataSource dataSource;

  @BeforeEach
  void open() throws SQLException {
    tenants = Tenants.onH2();
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

  private void insertForCurrent(String text) throws SQLException {
    try (Connection handle = dataSource.getConnection()) {
      insert(handle, text);
    }
  }

  @Test
  void outsideAUnit_aConnectionIsRefusedWithAdvice() {
    assertThatThrownBy(() -> dataSource.getConnection())
        .isInstanceOf(NoUnitOfWorkException.class)
        .hasMessageContaining("UnitOfWorkFilter")
        .hasMessageContaining("begin(tenant)")
        .hasMessageContaining("forTenant(tenant)");
  }

  @Test
  void userAndPassword_areRefused() {
    assertThatThrownBy(() -> dataSource.getConnection("sa", "canary"))
        .isInstanceOf(SQLException.class)
        .hasMessageNotContaining("canary");
  }

  @Test
  void connectionsGoToTheTenantOfTheUnit() throws SQLException {
    for (TenantId tenant : new TenantId[] {ACME, GLOBEX}) {
      try (UnitOfWork work = dataSource.begin(tenant)) {
        insertForCurrent("of " + tenant);
        work.commit();
      }
    }
    assertThat(tenants.stored(ACME)).containsExactly("of acme");
    assertThat(tenants.stored(GLOBEX)).containsExactly("of globex");
  }

  @Test
  void aNewThread_inheritsNothing() throws Exception {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      CompletableFuture<Object> seen = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  seen.complete(dataSource.getConnection());
                } catch (Throwable e) {
                  seen.complete(e);
                }
              });
      thread.start();
      assertThat(seen.get()).isInstanceOf(NoUnitOfWorkException.class);
      thread.join();
      work.commit();
    }
  }

  @Test
  void anUnusedUnit_makesNoPool() throws SQLException {
    try (RoutingDataSource fresh =
        RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", Tenants.newH2()))).build()) {
      try (UnitOfWork work = fresh.begin(ACME)) {
        work.commit();
        assertThat(work.outcome()).isEmpty();
      }
      fresh.forTenant(ACME);
      assertThat(fresh.snapshot().totals().made()).isZero();
    }
  }

  @Test
  void withoutCommit_closeRollsBack() throws SQLException {
    UnitOfWork work = dataSource.begin(ACME);
    insertForCurrent("a");
    work.close();
    work.close();
    assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void afterCommit_theUnitGoesOn_andCloseRollsBackTheRest() throws SQLException {
    UnitOfWork work = dataSource.begin(ACME);
    insertForCurrent("stored");
    work.commit();
    assertThat(work.outcome()).contains(Outcome.COMMITTED);
    insertForCurrent("undone");
    work.close();
    assertThat(work.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.COMMITTED, Outcome.ROLLED_BACK);
    assertThat(work.outcome()).contains(Outcome.PARTLY);
    assertThat(tenants.stored(ACME)).containsExactly("stored");
  }

  @Test
  void aUnitThatHasEnded_canNotBeUsed() throws SQLException {
    UnitOfWork work = dataSource.begin(ACME);
    Connection handle = dataSource.getConnection();
    work.close();
    assertThat(handle.isClosed()).isTrue();
    assertThatThrownBy(() -> insert(handle, "a")).isInstanceOf(SQLException.class);
    assertThatThrownBy(work::commit).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(work::finish).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void rollbackOnly_isNeverCommitted() throws SQLException {
    UnitOfWork work = dataSource.begin(ACME);
    insertForCurrent("a");
    work.setRollbackOnly();
    assertThat(work.isRollbackOnly()).isTrue();
    assertThatThrownBy(work::finish)
        .isInstanceOf(RolledBackException.class)
        .hasMessageContaining("\"acme\" is rollback-only");
    assertThat(work.outcomes())
        .extracting(TransactionOutcome::outcome)
        .containsExactly(Outcome.ROLLED_BACK);
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void anotherTenantInside_isRefused_beforeAnyLookup() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      for (TenantId other : new TenantId[] {GLOBEX, TenantId.of("nobody")}) {
        assertThatThrownBy(() -> dataSource.begin(other))
            .isInstanceOf(TenantMismatchException.class)
            .hasMessageContaining(other.value())
            .hasMessageContaining("acme");
        assertThatThrownBy(() -> dataSource.begin(other, UnitOptions.defaults()))
            .isInstanceOf(TenantMismatchException.class);
        assertThatThrownBy(() -> dataSource.beginIndependent(other, UnitOptions.defaults()))
            .isInstanceOf(TenantMismatchException.class);
        assertThatThrownBy(() -> dataSource.forTenant(other))
            .isInstanceOf(TenantMismatchException.class);
      }
      work.commit();
    }
  }

  @Test
  void aDataSourceOfAnotherTenant_madeBefore_isRefusedInside() throws SQLException {
    var globex = dataSource.forTenant(GLOBEX);
    try (UnitOfWork work = dataSource.begin(ACME)) {
      assertThatThrownBy(globex::getConnection).isInstanceOf(TenantMismatchException.class);
      work.commit();
    }
  }

  @Test
  void unknownTenants_areRefused() {
    TenantId nobody = TenantId.of("nobody");
    long made = dataSource.snapshot().totals().made();
    assertThatThrownBy(() -> dataSource.begin(nobody))
        .isInstanceOf(UnknownTenantException.class)
        .hasMessageContaining("nobody");
    assertThatThrownBy(() -> dataSource.forTenant(nobody))
        .isInstanceOf(UnknownTenantException.class);
    assertThat(dataSource.snapshot().totals().made()).isEqualTo(made);
  }

  @Test
  void aUnitThatJoins_isStoredByTheOuterOne() throws SQLException {
    try (UnitOfWork outer = dataSource.begin(ACME)) {
      try (UnitOfWork inner = dataSource.begin(ACME)) {
        assertThat(inner.tenant()).isEqualTo(ACME);
        insertForCurrent("a");
        inner.commit();
      }
      assertThat(tenants.stored(ACME)).isEmpty();
      outer.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  @Test
  void aUnitThatJoins_isRolledBackWithTheOuterOne() throws SQLException {
    try (UnitOfWork outer = dataSource.begin(ACME)) {
      try (UnitOfWork inner = dataSource.begin(ACME)) {
        insertForCurrent("a");
        inner.commit();
      }
      assertThat(outer.isRollbackOnly()).isFalse();
    }
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void aUnitThatJoinsAndDoesNotCommit_undoesToItsStart() throws SQLException {
    try (UnitOfWork outer = dataSource.begin(ACME)) {
      insertForCurrent("before");
      try (UnitOfWork inner = dataSource.begin(ACME)) {
        insertForCurrent("undone");
        assertThat(inner.isRollbackOnly()).isFalse();
      }
      insertForCurrent("after");
      outer.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("after", "before");
  }

  @Test
  void aUnitThatJoinsBeforeAnyConnection_undoesToItsStart() throws SQLException {
    try (UnitOfWork outer = dataSource.begin(ACME)) {
      try (UnitOfWork inner = dataSource.begin(ACME)) {
        insertForCurrent("undone");
        assertThat(inner.outcome()).isEmpty();
      }
      insertForCurrent("after");
      outer.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("after");
  }

  @Test
  void rollbackOnlyOfAUnitThatJoins_isThatOfTheOuterOne() throws SQLException {
    try (UnitOfWork outer = dataSource.begin(ACME)) {
      try (UnitOfWork inner = dataSource.begin(ACME)) {
        inner.setRollbackOnly();
        assertThatThrownBy(inner::commit).isInstanceOf(RolledBackException.class);
      }
      assertThat(outer.isRollbackOnly()).isTrue();
    }
  }

  @Test
  void anIndependentUnit_hasAnOutcomeOfItsOwn() throws SQLException {
    try (UnitOfWork outer = dataSource.begin(ACME)) {
      insertForCurrent("outer");
      try (UnitOfWork inner = dataSource.beginIndependent(ACME, UnitOptions.defaults())) {
        assertThat(dataSource.current()).isSameAs(inner);
        insertForCurrent("inner");
        inner.commit();
      }
      assertThat(tenants.stored(ACME)).containsExactly("inner");
      assertThat(dataSource.current()).isSameAs(outer);
    }
    assertThat(tenants.stored(ACME)).containsExactly("inner");
  }

  @Test
  void anIndependentUnitThatWasLeftOpen_endsWithTheOuterOne() throws SQLException {
    UnitOfWork outer = dataSource.begin(ACME);
    insertForCurrent("outer");
    UnitOfWork inner = dataSource.beginIndependent(ACME, UnitOptions.defaults());
    insertForCurrent("inner");
    outer.finish();
    assertThat(inner.outcome()).contains(Outcome.ROLLED_BACK);
    assertThat(tenants.stored(ACME)).containsExactly("outer");
  }

  @Test
  void options_areRefusedWhereTheUnitHasBegun() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      assertThatThrownBy(() -> dataSource.begin(ACME, UnitOptions.defaults().readOnly()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("own options");
      work.commit();
    }
    assertThatThrownBy(() -> UnitOptions.defaults().isolation(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3");
  }

  @Test
  void call_returnsTheResultAndCommits() throws SQLException {
    int length =
        dataSource.call(
            ACME,
            work -> {
              insertForCurrent("a");
              return 1;
            });
    assertThat(length).isEqualTo(1);
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  @Test
  void call_letsTheCallersExceptionThrough_andRollsBack() throws SQLException {
    IOException thrown = new IOException("the caller's");
    UnitCallback<Void, IOException> failing =
        work -> {
          try {
            insertForCurrent("a");
          } catch (SQLException e) {
            throw new IOException(e);
          }
          throw thrown;
        };
    assertThatThrownBy(() -> dataSource.call(ACME, failing)).isSameAs(thrown);
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void forTenant_givesPlainConnectionsInAutoCommitMode() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      try (Connection plain = dataSource.forTenant(ACME).getConnection()) {
        assertThat(plain.getAutoCommit()).isTrue();
        insert(plain, "at once");
        plain.setAutoCommit(false);
        insert(plain, "not committed");
      }
      assertThat(work.outcome()).isEmpty();
    }
    assertThat(tenants.stored(ACME)).containsExactly("at once");
  }

  @Test
  void closingTwice_doesNotTakeTheNextUnitsConnection() throws SQLException {
    try (UnitOfWork first = dataSource.begin(ACME)) {
      Connection plain = dataSource.forTenant(ACME).getConnection();
      plain.close();
      try (Connection next = dataSource.forTenant(ACME).getConnection()) {
        plain.close();
        assertThat(next.isClosed()).isFalse();
        insert(next, "a");
      }
      first.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  @Test
  void aUnitThatHasEnded_isNotKeptByItsThread() throws SQLException {
    WeakReference<UnitOfWork> ended = new WeakReference<>(endedUnit());
    await()
        .until(
            () -> {
              System.gc();
              return ended.get() == null;
            });
  }

  private UnitOfWork endedUnit() throws SQLException {
    UnitOfWork work = dataSource.begin(ACME);
    insertForCurrent("a");
    work.finish();
    return work;
  }

  @Test
  void aUnitEndedByAnotherThread_isNotTheCurrentOneAnyMore() throws Exception {
    UnitOfWork work = dataSource.begin(ACME);
    FutureTask<Void> closing =
        new FutureTask<>(
            work.handOver(
                () -> {
                  work.close();
                  return null;
                }));
    new Thread(closing).start();
    closing.get(10, TimeUnit.SECONDS);
    assertThatThrownBy(() -> dataSource.getConnection()).isInstanceOf(NoUnitOfWorkException.class);
  }
}
