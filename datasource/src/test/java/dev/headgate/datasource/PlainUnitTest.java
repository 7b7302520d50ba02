package dev.headgate.datasource;

import static dev.headgate.datasource.StubTenant.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.pool.Database;
import dev.headgate.faults.ArmedFault;
import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code transactions = none}: the application owns them. */
class PlainUnitTest {

  private static final TenantId TENANT = TenantId.of("acme");

  private final StubDatabase stub = StubDatabase.create(UUID.randomUUID().toString());
  private final StubDatabase audit = StubDatabase.create(UUID.randomUUID().toString());
  private final RoutingDataSource dataSource =
      RoutingDataSource.builder(
              TenantDirectory.of(
                  Map.of("acme", Database.of(stub.url()), "globex", Database.of(audit.url()))))
          .transactions(Transactions.NONE)
          .bind("audit", Database.of(audit.url()))
          .build();

  @AfterEach
  void nothingIsLeft() {
    try {
      assertThat(dataSource.snapshot().pools())
          .allMatch(pool -> pool.leases() == 0 && pool.active() == 0);
      assertThatThrownBy(dataSource::current).isInstanceOf(IllegalStateException.class);
      // Connections are destroyed by another thread.
      await()
          .pollDelay(Duration.ZERO)
          .untilAsserted(() -> assertThat(stub.isClean()).as("clean: %s", stub.states()).isTrue());
    } finally {
      dataSource.close();
      stub.close();
      audit.close();
    }
  }

  @Test
  void connections_areInAutoCommitMode_andStoreAtOnce() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT);
        Connection connection = dataSource.getConnection()) {
      assertThat(connection.getAutoCommit()).isTrue();
      execute(connection, "INSERT a");
      assertThat(stub.committed()).containsExactly("a");
      assertThat(work.outcome()).isEmpty();
    }
    List<String> calls = stub.calls();
    assertThat(calls.subList(calls.indexOf("Connection.createStatement()"), calls.size()))
        .as("no round trip for the mode")
        .noneMatch(call -> call.contains("setAutoCommit"));
  }

  @Test
  void theApplicationsTransactions_areItsOwn() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT);
        Connection outer = dataSource.getConnection();
        Connection requiresNew = dataSource.getConnection()) {
      outer.setAutoCommit(false);
      requiresNew.setAutoCommit(false);
      execute(outer, "INSERT a");
      execute(requiresNew, "INSERT b");
      requiresNew.commit();
      outer.rollback();
      work.commit();
    }
    assertThat(stub.committed()).containsExactly("b");
  }

  @Test
  void whatIsLeftOpen_isRolledBackAndClosed() throws SQLException {
    Connection left;
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      left = dataSource.getConnection();
      left.setAutoCommit(false);
      execute(left, "INSERT a");
      work.commit();
    }
    assertThat(left.isClosed()).isTrue();
    assertThat(stub.committed()).isEmpty();
  }

  @Test
  void whatIsLeftOpen_isReported() throws SQLException {
    try (CapturedLog log = CapturedLog.of(PlainUnit.class)) {
      UnitOfWork work = dataSource.begin(TENANT);
      Connection left = dataSource.getConnection();
      Connection closed = dataSource.bind("audit").getConnection();
      closed.close();
      work.finish();
      assertThat(left.isClosed()).isTrue();
      assertThat(log.text()).contains("acme").contains("left open").contains("closed: 1;");
    }
  }

  @Test
  void withNothingLeftOpen_nothingIsReported() throws SQLException {
    try (CapturedLog log = CapturedLog.of(PlainUnit.class)) {
      UnitOfWork work = dataSource.begin(TENANT);
      dataSource.getConnection().close();
      work.finish();
      assertThat(log.text()).isEmpty();
    }
  }

  @Test
  void aConnectionMayBeClosed_onAnotherThread() throws Exception {
    UnitOfWork work = dataSource.begin(TENANT);
    Connection connection = dataSource.getConnection();
    CompletableFuture.runAsync(
            () -> {
              try {
                connection.close();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            })
        .get(10, TimeUnit.SECONDS);
    work.finish();
    assertThat(connection.isClosed()).isTrue();
  }

  @Test
  void cancel_reachesEachConnection_andRefusesMore() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT);
        Connection one = dataSource.getConnection();
        Connection two = dataSource.getConnection();
        Statement first = one.createStatement();
        Statement second = two.createStatement()) {
      first.execute("INSERT a");
      second.execute("INSERT b");
      work.cancel();
      assertThat(stub.calls()).filteredOn("Statement.cancel()"::equals).hasSize(2);
      assertThatThrownBy(dataSource::getConnection).hasMessageContaining("was cancelled");
    }
  }

  @Test
  void aSecondThread_hasToWaitItsTurn() throws Exception {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      Callable<Connection> task = work.handOver(() -> dataSource.getConnection());
      dataSource.getConnection().close();
      FutureTask<Connection> other = new FutureTask<>(task);
      new Thread(other).start();
      assertThatThrownBy(() -> other.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(UnitInUseException.class);
    }
  }

  @Test
  void outcomeActions_areRefused() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      for (Consumer<Runnable> way :
          List.<Consumer<Runnable>>of(work::onCommitted, work::onRolledBack, work::onUnknown)) {
        assertThatThrownBy(() -> way.accept(() -> {}))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("transactions = none");
      }
    }
  }

  @Test
  void aCloseThatFails_keepsNoOtherConnectionFromIt() throws SQLException {
    UnitOfWork work = dataSource.begin(TENANT);
    for (int i = 0; i < 2; i++) {
      Connection left = dataSource.getConnection();
      left.setAutoCommit(false);
      execute(left, "INSERT a");
    }
    stub.arm(
        "Connection.rollback()"::equals, Fault.throwBefore(() -> new SQLException("no rollback")));
    assertThatThrownBy(work::finish).isInstanceOf(SQLException.class);
    assertThat(stub.committed()).isEmpty();
  }

  @Test
  void aConnectionThatBroke_closesQuietly() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      Connection connection = dataSource.getConnection();
      connection.setAutoCommit(false);
      stub.arm(
          call -> call.contains("INSERT a"),
          Fault.throwBefore(() -> new SQLException("gone", "08006")));
      assertThatThrownBy(() -> execute(connection, "INSERT a")).hasMessage("gone");
      assertThatCode(connection::close).doesNotThrowAnyException();
      work.commit();
    }
  }

  @Test
  void aBind_isRouted() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT);
        Connection connection = dataSource.bind("audit").getConnection()) {
      execute(connection, "INSERT b");
      work.commit();
    }
    assertThat(audit.committed()).containsExactly("b");
    assertThat(stub.committed()).isEmpty();
  }

  @Test
  void beginInside_endsItsOwnConnectionsAlone() throws SQLException {
    try (UnitOfWork outer = dataSource.begin(TENANT);
        Connection before = dataSource.getConnection()) {
      Connection inside;
      try (UnitOfWork inner = dataSource.begin(TENANT)) {
        inside = dataSource.getConnection();
        inner.commit();
      }
      assertThat(inside.isClosed()).isTrue();
      assertThat(before.isClosed()).isFalse();
      outer.commit();
    }
  }

  @Test
  void anotherTenantInside_isRefused() throws SQLException {
    TenantId globex = TenantId.of("globex");
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      assertThatThrownBy(() -> dataSource.begin(globex))
          .isInstanceOf(TenantMismatchException.class);
      assertThatThrownBy(() -> dataSource.forTenant(globex))
          .isInstanceOf(TenantMismatchException.class);
      work.commit();
    }
  }

  @Test
  void outsideAUnitOfWork_thereIsNoConnection() {
    assertThatThrownBy(dataSource::getConnection).isInstanceOf(NoUnitOfWorkException.class);
  }

  @Test
  void setRollbackOnly_isRefused() throws SQLException {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      assertThatThrownBy(work::setRollbackOnly)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("transactions = none");
      assertThat(work.isRollbackOnly()).isFalse();
    }
  }

  @Test
  void optionsOfATransaction_areRefused() {
    assertThatThrownBy(() -> dataSource.begin(TENANT, UnitOptions.defaults().readOnly()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("on the connections themselves");
  }

  @Test
  void autoCommitOff_isRefused() {
    RoutingDataSource.Builder builder =
        RoutingDataSource.builder(Database.of(stub.url()))
            .transactions(Transactions.NONE)
            .autoCommit(false);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Transactions.NONE");
  }

  @Test
  void afterItsEnd_aUnitGivesNoConnection() throws SQLException {
    UnitOfWork work = dataSource.begin(TENANT);
    work.close();
    work.close();
    assertThatThrownBy(work::finish).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(dataSource::getConnection).isInstanceOf(NoUnitOfWorkException.class);
  }

  /** Has a thread be in a call of the driver's on a connection while something is done. */
  private void during(String call, Connection connection, Callable<?> ending) throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    ArmedFault slow = stub.arm(each -> each.contains(call), Fault.blockBefore(goOn));
    FutureTask<Void> other =
        new FutureTask<>(
            () -> {
              execute(connection, "INSERT slow");
              connection.commit();
              return null;
            });
    new Thread(other).start();
    try {
      slow.awaitFired();
      ending.call();
    } finally {
      goOn.countDown();
      assertThatThrownBy(() -> other.get(10, TimeUnit.SECONDS)).isNotNull();
    }
  }

  private Void closeAndBorrowAnother(AutoCloseable inUse) throws Exception {
    inUse.close();
    try (Connection next = dataSource.forTenant(TENANT).getConnection()) {
      execute(next, "INSERT next");
    }
    assertThat(stub.connectionsMade()).as("that in use is given to no one").isEqualTo(2);
    return null;
  }

  @Test
  void atTheEndOfTheUnit_aConnectionThatAnotherThreadUses_isDestroyed() throws Exception {
    UnitOfWork work = dataSource.begin(TENANT);
    Connection connection = dataSource.getConnection();
    during("INSERT slow", connection, () -> closeAndBorrowAnother(work));
    assertThat(stub.committed()).containsExactly("next");
    assertThat(stub.calls()).contains("Statement.cancel()");
  }

  @Test
  void aConnectionThatIsClosedWhileAnotherThreadUsesIt_isDestroyed() throws Exception {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      Connection connection = dataSource.getConnection();
      during("INSERT slow", connection, () -> closeAndBorrowAnother(connection));
      assertThat(work.outcome()).isEmpty();
    }
    assertThat(stub.committed()).containsExactly("next");
  }

  @Test
  void aConnectionThatIsClosedWhileAnotherThreadCommits_isDestroyed() throws Exception {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      Connection connection = dataSource.getConnection();
      connection.setAutoCommit(false);
      during("Connection.commit", connection, () -> closeAndBorrowAnother(connection));
      assertThat(work.outcome()).isEmpty();
    }
    assertThat(stub.committed()).containsExactly("next");
  }

  @Test
  void aConnectionThatAnotherThreadHasUsed_isKept_whateverItsCallsHaveThrown() throws Exception {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      Connection connection = dataSource.getConnection();
      stub.arm(
          call -> call.contains("INSERT a"), Fault.throwBefore(() -> new SQLException("failed")));
      FutureTask<Void> other =
          new FutureTask<>(
              () -> {
                assertThatThrownBy(() -> execute(connection, "INSERT a")).hasMessage("failed");
                assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
                execute(connection, "INSERT b");
                return null;
              });
      new Thread(other).start();
      other.get(10, TimeUnit.SECONDS);
      try (Statement statement = connection.createStatement()) {
        work.cancel();
        assertThatThrownBy(() -> statement.execute("INSERT c")).hasMessageContaining("cancelled");
      }
      connection.close();
    }
    dataSource.forTenant(TENANT).getConnection().close();
    assertThat(stub.connectionsMade()).isOne();
    assertThat(stub.committed()).containsExactly("b");
  }
}
