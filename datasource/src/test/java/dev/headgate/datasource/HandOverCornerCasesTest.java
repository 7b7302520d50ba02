package dev.headgate.datasource;

import static dev.headgate.datasource.StubTenant.TENANT;
import static dev.headgate.datasource.StubTenant.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandOverCornerCasesTest {

  private final StubTenant tenant = new StubTenant();
  private final RoutingDataSource dataSource = tenant.dataSource;
  private final List<String> done = new ArrayList<>();
  private final ExecutorService worker = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    worker.shutdownNow();
    tenant.close();
  }

  private void insert(String text) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      execute(connection, "INSERT " + text);
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** onCommitted: "if that is undone, it is rolled back, whatever becomes of the outer unit". */
  @Test
  void anActionOfAJoinedUnit_afterACommitOfTheOuterOne() throws SQLException {
    try (UnitOfWork outer = dataSource.begin(TENANT)) {
      outer.onCommitted(() -> done.add("outer"));
      UnitOfWork joined = dataSource.begin(TENANT);
      insert("kept");
      outer.commit();
      insert("order");
      joined.onCommitted(() -> done.add("mail of an order that was undone"));
      joined.close();
      outer.finish();
    }
    assertThat(tenant.stub.committed()).containsExactly("kept");
    assertThat(done).containsExactly("outer");
  }

  /** U3. */
  @Test
  void theExceptionOfATask_survivesTheEndOfWhatItHasLeftOpen() throws Exception {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      Callable<Void> task =
          work.handOver(
              () -> {
                dataSource.beginIndependent(TENANT, UnitOptions.defaults());
                insert("left");
                throw new IllegalArgumentException("mine");
              });
      tenant.stub.arm(
          "Connection.rollback()"::equals, Fault.throwBefore(() -> new SQLException("later")));
      Throwable thrown = catchThrowable(() -> worker.submit(task).get(10, TimeUnit.SECONDS));
      assertThat(thrown.getCause()).hasMessage("mine");
    }
  }

  @Test
  void whatWaits_isDone_thoughWhatRunsBeforeItFails() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch askedAgain = new CountDownLatch(1);
    UnitOfWork work = dataSource.begin(TENANT);
    Future<?> task =
        worker.submit(
            work.handOver(
                () -> {
                  insert("a");
                  working.countDown();
                  awaited(asked);
                  return null;
                }));
    awaited(working);
    work.whenFree(
        () -> {
          running.countDown();
          awaited(askedAgain);
          throw new IllegalStateException("fails");
        });
    asked.countDown();
    awaited(running);
    work.whenFree(() -> done.add("second"));
    askedAgain.countDown();
    assertThatThrownBy(() -> task.get(10, TimeUnit.SECONDS)).hasMessageContaining("fails");
    assertThat(done).containsExactly("second");
    work.close();
  }

  /** U4, R1: finish() has thrown, and the thread begins something else. */
  @Test
  void aUnitThatCouldNotBeEnded_isNotCurrentAnyMore() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    UnitOfWork work = dataSource.begin(TENANT);
    Future<?> task =
        worker.submit(
            work.handOver(
                () -> {
                  insert("a");
                  working.countDown();
                  awaited(goOn);
                  return null;
                }));
    awaited(working);
    try {
      assertThatThrownBy(work::finish).isInstanceOf(UnitInUseException.class);
      UnitOfWork other = dataSource.begin(TenantId.of("other"));
      other.close();
    } finally {
      goOn.countDown();
      task.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aJoinedUnitThatIsClosedWhileATaskHasIt_keepsItsMarkUntilTheTaskIsDone() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    UnitOfWork outer = dataSource.begin(TENANT);
    insert("a");
    UnitOfWork joined = dataSource.begin(TENANT);
    Future<?> task =
        worker.submit(
            outer.handOver(
                () -> {
                  try (Connection connection = dataSource.getConnection()) {
                    working.countDown();
                    awaited(closed);
                    execute(connection, "INSERT b");
                  }
                  return null;
                }));
    awaited(working);
    assertThatThrownBy(joined::close).isInstanceOf(UnitInUseException.class);
    closed.countDown();
    task.get(10, TimeUnit.SECONDS);
    assertThat(tenant.sent()).filteredOn(call -> call.contains("setSavepoint")).hasSize(1);
    assertThatThrownBy(outer::finish).isInstanceOf(RolledBackException.class);
    assertThat(tenant.stub.committed()).isEmpty();
  }

  /** suspend: "it is not the current one here any more". */
  @Test
  void aSuspendedUnit_doesNotComeBackWithTheEndOfOneInside() throws Exception {
    UnitOfWork outer = dataSource.begin(TENANT);
    UnitOfWork inner = dataSource.beginIndependent(TENANT, UnitOptions.defaults());
    inner.suspend();
    outer.suspend();
    inner.resume();
    inner.close();
    try {
      assertThatThrownBy(dataSource::current).hasMessageContaining("no unit of work");
    } finally {
      outer.close();
    }
  }

  @Test
  void aUnitThatCouldNotBeEnded_doesNotComeBackWithTheEndOfOneInside() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    UnitOfWork outer = dataSource.begin(TENANT);
    UnitOfWork inner = dataSource.beginIndependent(TENANT, UnitOptions.defaults());
    Future<?> task =
        worker.submit(
            outer.handOver(
                () -> {
                  insert("a");
                  working.countDown();
                  awaited(goOn);
                  return null;
                }));
    awaited(working);
    try {
      assertThatThrownBy(outer::close).isInstanceOf(UnitInUseException.class);
      assertThat(dataSource.current()).isSameAs(inner);
      inner.close();
      assertThatThrownBy(dataSource::current).hasMessageContaining("no unit of work");
    } finally {
      goOn.countDown();
      task.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aUnitThatIsResumed_leavesTheThreadAsItWas() throws Exception {
    UnitOfWork outer = dataSource.begin(TENANT);
    UnitOfWork inner = dataSource.beginIndependent(TENANT, UnitOptions.defaults());
    inner.suspend();
    Callable<UnitOfWork> both =
        () -> {
          inner.resume();
          inner.suspend();
          return dataSource.current();
        };
    assertThat(worker.submit(outer.handOver(both)).get(10, TimeUnit.SECONDS)).isSameAs(outer);
    assertThat(dataSource.current()).isSameAs(outer);
    assertThatThrownBy(() -> worker.submit(both).get(10, TimeUnit.SECONDS))
        .hasMessageContaining("no unit of work");
    inner.close();
    outer.close();
    assertThatThrownBy(dataSource::current).hasMessageContaining("no unit of work");
  }

  private RoutingDataSource none(StubDatabase stub) {
    return RoutingDataSource.builder(t -> Optional.of(Database.of(stub.url())))
        .transactions(Transactions.NONE)
        .pool(PoolSettings.defaults().withMaximumSize(1))
        .build();
  }

  /** cancel: "the statement that runs is cancelled, and none is executed any more". */
  @Test
  void aCancelledPlainUnit_takesNoMoreWork() throws Exception {
    StubDatabase stub = StubDatabase.create(UUID.randomUUID().toString());
    try (RoutingDataSource plain = none(stub);
        UnitOfWork work = plain.begin(TENANT);
        Connection connection = plain.getConnection()) {
      work.cancel();
      assertThat(catchThrowable(() -> execute(connection, "INSERT a"))).isNotNull();
      assertThat(stub.committed()).isEmpty();
    } finally {
      stub.close();
    }
  }

  /** The thread that hands over closes its connection, as try-with-resources does. */
  @Test
  void aConnectionThatIsClosedAfterTheHandOver_takesTheUnitFromNobody() throws Exception {
    try (UnitOfWork work = dataSource.begin(TENANT)) {
      Callable<Void> task;
      try (Connection connection = dataSource.getConnection()) {
        execute(connection, "INSERT a");
        task =
            work.handOver(
                () -> {
                  insert("b");
                  return null;
                });
      }
      worker.submit(task).get(10, TimeUnit.SECONDS);
      work.commit();
    }
    assertThat(tenant.stub.committed()).containsExactly("a", "b");
  }
}
