package dev.headgate.datasource;

import static dev.headgate.datasource.StubTenant.TENANT;
import static dev.headgate.datasource.StubTenant.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is done when the outcome is known. */
class OutcomeActionsTest {

  private final StubTenant tenant = new StubTenant();
  private final RoutingDataSource dataSource = tenant.dataSource;
  private final List<String> done = new ArrayList<>();

  @AfterEach
  void close() {
    tenant.close();
  }

  private void ask(UnitOfWork work, String name) {
    work.onCommitted(() -> done.add(name + " committed"));
    work.onRolledBack(() -> done.add(name + " rolled back"));
    work.onUnknown(() -> done.add(name + " unknown"));
  }

  private void insert(String text) throws SQLException {
    execute(dataSource.getConnection(), "INSERT " + text);
  }

  private void failCommit(SQLException failure) {
    tenant.stub.arm("Connection.commit()"::equals, Fault.throwBefore(() -> failure));
  }

  @Test
  void finish_isCommitted() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      ask(work, "a");
      insert("a");
      assertThat(done).isEmpty();
      work.finish();
    }
    assertThat(done).containsExactly("a committed");
  }

  private record Mail(List<String> sent) {
    void send(String text) {
      sent.add(text);
    }
  }

  @Test
  void theDocumentsMail_isSentWhenItIsTrue() throws SQLException {
    Mail mail = new Mail(done);
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      insert("order");
      // snippet
      work.onCommitted(() -> mail.send("Your order is in."));
      // end of snippet
      assertThat(done).isEmpty();
      work.commit();
    }
    assertThat(done).containsExactly("Your order is in.");
  }

  @Test
  void withoutAnyWork_itIsTheDecisionThatCounts() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      ask(work, "a");
      work.finish();
    }
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      ask(work, "b");
    }
    assertThat(done).containsExactly("a committed", "b rolled back");
  }

  @Test
  void aCloseWithoutCommit_isRolledBack() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      insert("a");
      ask(work, "a");
    }
    assertThat(done).containsExactly("a rolled back");
  }

  @Test
  void aRefusedCommit_isRolledBack() throws SQLException {
    failCommit(new SQLException("deferred constraint", "23505"));
    UnitOfWork work = dataSource.begin(TENANT);
    ask(work, "a");
    insert("a");
    assertThatThrownBy(work::finish).isInstanceOf(RolledBackException.class);
    assertThat(done).containsExactly("a rolled back");
  }

  @Test
  void aLostCommit_isUnknown() throws SQLException {
    failCommit(new SQLException("broken pipe", "08006"));
    UnitOfWork work = dataSource.begin(TENANT);
    ask(work, "a");
    insert("a");
    assertThatThrownBy(work::finish).isInstanceOf(OutcomeUnknownException.class);
    assertThat(done).containsExactly("a unknown");
  }

  @Test
  void commitsInTheMiddle_decideWhatWasAskedForBefore_andAreToldAtTheEnd() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      ask(work, "a");
      insert("a");
      work.commit();
      ask(work, "b");
      insert("b");
      assertThat(done).isEmpty();
    }
    assertThat(done).containsExactly("a committed", "b rolled back");
  }

  @Test
  void workOfAUnitThatJoined_isRolledBackIfThatIs_andCommittedWithTheOuterOne()
      throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      ask(work, "outer");
      insert("outer");
      try (UnitOfWork undone = dataSource.begin(TENANT)) {
        ask(undone, "undone");
        insert("undone");
      }
      try (UnitOfWork kept = dataSource.begin(TENANT)) {
        ask(kept, "kept");
        insert("kept");
        kept.commit();
        ask(kept, "late");
      }
      work.finish();
    }
    assertThat(done)
        .containsExactlyInAnyOrder(
            "undone rolled back", "late rolled back", "outer committed", "kept committed");
  }

  @Test
  void anIndependentUnit_hasItsOwn() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      ask(work, "outer");
      try (UnitOfWork inner = dataSource.beginIndependent(TENANT, UnitOptions.defaults())) {
        ask(inner, "inner");
        inner.finish();
      }
      assertThat(done).containsExactly("inner committed");
    }
    assertThat(done).containsExactly("inner committed", "outer rolled back");
  }

  @Test
  void aRehearsal_storesNothing_butUnitsInItBehaveAsEver() throws SQLException {
    UnitOfWork rehearsal = dataSource.begin(TENANT, UnitOptions.defaults().rehearsal());
    ask(rehearsal, "rehearsal");
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      ask(work, "inside");
      insert("a");
      work.finish();
    }
    rehearsal.finish();
    assertThat(done).containsExactly("inside committed", "rehearsal rolled back");
  }

  @Test
  void storedInSomeDatabasesOnly_isUnknown() throws SQLException {
    try (StubDatabase audit = StubDatabase.create(UUID.randomUUID().toString());
        RoutingDataSource two =
            RoutingDataSource.builder(Database.of(tenant.stub.url()))
                .bind("audit", Database.of(audit.url()))
                .build()) {
      audit.arm(
          "Connection.commit()"::equals, Fault.throwBefore(() -> new SQLException("no", "23505")));
      UnitOfWork work = two.begin(TenantId.ONLY);
      ask(work, "a");
      execute(two.getConnection(), "INSERT a");
      execute(two.bind("audit").getConnection(), "INSERT a");
      assertThatThrownBy(work::finish).isInstanceOf(PartialCommitException.class);
    }
    assertThat(done).containsExactly("a unknown");
  }

  @Test
  void theyRunAfterTheConnectionIsBack_andMayBeginAUnit() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      insert("a");
      work.onCommitted(
          () -> {
            done.add("leases " + tenant.leases());
            try (UnitOfWork another = dataSource.begin(TENANT)) {
              insert("b");
              another.finish();
            } catch (SQLException e) {
              throw new UncheckedSQLException(e);
            }
          });
      work.finish();
    }
    assertThat(done).containsExactly("leases 0");
    assertThat(tenant.stub.committed()).containsExactly("a", "b");
  }

  @Test
  void oneThatFails_keepsNeitherTheOthersNorTheOutcome() throws SQLException {
    try (CapturedLog log = CapturedLog.of(OutcomeActions.class);
        UnitOfWork work = dataSource.begin(TENANT)) {
      work.onCommitted(
          () -> {
            throw new IllegalStateException("no mail today");
          });
      work.onCommitted(
          () -> {
            throw new AssertionError("an error");
          });
      ask(work, "a");
      work.finish();
      assertThat(log.text()).contains("outcome action of tenant stub has failed");
    }
    assertThat(done).containsExactly("a committed");
  }

  @Test
  void anExecutorOfTheApplications_doesThem_orTheyAreDoneHere() throws SQLException {
    List<Runnable> queue = new ArrayList<>();
    try (UnitOfWork work = dataSource.begin(TENANT, UnitOptions.defaults().actionsOn(queue::add))) {
      ask(work, "a");
      work.finish();
    }
    assertThat(done).isEmpty();
    queue.forEach(Runnable::run);
    UnitOptions refusing =
        UnitOptions.defaults()
            .actionsOn(
                action -> {
                  throw new RejectedExecutionException("shut down");
                });
    try (CapturedLog log = CapturedLog.of(OutcomeActions.class);
        UnitOfWork work = dataSource.begin(TENANT, refusing)) {
      ask(work, "b");
      work.finish();
      assertThat(log.text()).contains("done here");
    }
    assertThat(done).containsExactly("a committed", "b committed");
  }

  @Test
  void afterTheEnd_itIsTooLate() throws SQLException {
    UnitOfWork work = dataSource.begin(TENANT);
    work.finish();
    assertThatThrownBy(() -> work.onCommitted(() -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has ended");
  }
}
