package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One unit of work on several threads, one after the other. */
class HandOverTest {

  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private Tenants tenants;
  private RoutingDataSource dataSource;

  @BeforeEach
  void start() throws SQLException {
    tenants = Tenants.onH2();
    dataSource = tenants.dataSource;
  }

  @AfterEach
  void stop() {
    worker.shutdownNow();
    tenants.close();
  }

  private <T> T on(ExecutorService thread, Callable<T> task) throws Exception {
    return thread.submit(task).get(10, TimeUnit.SECONDS);
  }

  private Void insert(String text) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      Tenants.insert(connection, text);
    }
    return null;
  }

  @Test
  void aTask_worksInTheUnit_andThisThreadGoesOnAfterwards() throws Exception {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      insert("a");
      on(worker, work.handOver(() -> insert("b")));
      insert("c");
      assertThat(tenants.stored(ACME)).isEmpty();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a", "b", "c");
    assertThatThrownBy(() -> on(worker, () -> insert("d")))
        .hasCauseInstanceOf(NoUnitOfWorkException.class);
  }

  @Test
  void aRunnable_worksInTheUnit_andItsExceptionIsItsOwn() throws Exception {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      Runnable failing =
          () -> {
            throw new IllegalArgumentException("mine");
          };
      Runnable task = work.handOver(failing);
      assertThatThrownBy(() -> on(worker, Executors.callable(task)))
          .hasRootCauseInstanceOf(IllegalArgumentException.class);
      insert("a");
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  @Test
  void aTaskThatRunsHere_isLikeACall() throws Exception {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      work.handOver(() -> insert("a")).call();
      insert("b");
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a", "b");
  }

  @Test
  void aConnection_isRefusedToAnotherThread_andTheMessageSaysWhoHasIt() throws Exception {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT 1")) {
      List<Callable<Object>> calls =
          List.of(
              connection::createStatement,
              connection::getAutoCommit,
              () -> statement.execute("SELECT 2"),
              result::next,
              () -> close(result),
              () -> close(statement),
              () -> close(connection),
              () -> commit(work));
      for (Callable<Object> call : calls) {
        assertThatThrownBy(() -> on(worker, call))
            .cause()
            .isInstanceOf(UnitInUseException.class)
            .hasMessageContaining("acme")
            .hasMessageContaining("thread \"%s\"".formatted(Thread.currentThread().getName()))
            .hasMessageContaining("handOver");
      }
      assertThat(result.next()).isTrue();
      insert("a");
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  private static Object close(AutoCloseable closeable) throws Exception {
    closeable.close();
    return "closed";
  }

  private static Object commit(UnitOfWork work) throws SQLException {
    work.commit();
    return "committed";
  }

  @Test
  void twoTasks_areNeverInTheUnitAtOnce() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch tried = new CountDownLatch(1);
    try (UnitOfWork work = dataSource.begin(ACME)) {
      Future<Void> first =
          worker.submit(
              work.handOver(
                  () -> {
                    insert("a");
                    working.countDown();
                    tried.await(10, TimeUnit.SECONDS);
                    return insert("b");
                  }));
      working.await(10, TimeUnit.SECONDS);
      ExecutorService second = Executors.newSingleThreadExecutor();
      assertThatThrownBy(() -> on(second, work.handOver(() -> insert("c"))))
          .hasCauseInstanceOf(UnitInUseException.class);
      assertThatThrownBy(() -> insert("d")).isInstanceOf(UnitInUseException.class);
      tried.countDown();
      first.get(10, TimeUnit.SECONDS);
      on(second, work.handOver(() -> insert("e")));
      second.shutdown();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a", "b", "e");
  }

  @Test
  void aUnitThatIsClosedWhileATaskHasIt_isRolledBackWhenTheTaskIsDone() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    UnitOfWork work = dataSource.begin(ACME);
    Future<Integer> task =
        worker.submit(
            work.handOver(
                () -> {
                  insert("a");
                  working.countDown();
                  closed.await(10, TimeUnit.SECONDS);
                  insert("b");
                  return tenants.leases();
                }));
    working.await(10, TimeUnit.SECONDS);
    assertThatThrownBy(work::finish).isInstanceOf(UnitInUseException.class);
    closed.countDown();
    assertThat(task.get(10, TimeUnit.SECONDS)).isOne();
    assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
    assertThat(tenants.leases()).isZero();
    assertThat(tenants.stored(ACME)).isEmpty();
    assertThatThrownBy(dataSource::getConnection).isInstanceOf(NoUnitOfWorkException.class);
  }

  @Test
  void aTaskThatComesTooLate_isNotRun() throws Exception {
    UnitOfWork work = dataSource.begin(ACME);
    Callable<Void> task = work.handOver(() -> insert("a"));
    work.close();
    assertThatThrownBy(() -> on(worker, task)).hasMessageContaining("has ended");
    try (UnitOfWork other = dataSource.begin(GLOBEX)) {
      UnitOfWork suspended = other;
      suspended.suspend();
      UnitOfWork here = dataSource.begin(ACME);
      assertThatThrownBy(() -> suspended.handOver(() -> insert("b")).call())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("acme")
          .hasMessageContaining("globex");
      here.close();
    }
  }

  @Test
  void aUnitLeftOpenInATask_isClosedWithIt() throws Exception {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      on(
          worker,
          work.handOver(
              () -> {
                dataSource.beginIndependent(ACME, UnitOptions.defaults());
                return insert("left");
              }));
      assertThatThrownBy(() -> on(worker, () -> insert("a")))
          .hasCauseInstanceOf(NoUnitOfWorkException.class);
      insert("b");
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("b");
  }

  @Test
  void anIndependentUnit_canBeHandedOver_andTheOuterOneStaysHere() throws Exception {
    try (UnitOfWork outer = dataSource.begin(ACME)) {
      UnitOfWork inner = dataSource.beginIndependent(ACME, UnitOptions.defaults());
      insert("inner");
      inner.suspend();
      assertThat(dataSource.current()).isSameAs(outer);
      on(
          worker,
          inner.handOver(
              () -> {
                insert("there");
                inner.finish();
                return null;
              }));
      assertThat(dataSource.current()).isSameAs(outer);
      assertThatThrownBy(() -> on(worker, dataSource::current)).hasMessageContaining("no unit");
    }
    assertThat(tenants.stored(ACME)).containsExactly("inner", "there");
  }

  @Test
  void aSuspendedUnit_isNotCurrent_andResumesAnywhere() throws Exception {
    UnitOfWork work = dataSource.begin(ACME);
    insert("a");
    work.suspend();
    assertThatThrownBy(dataSource::getConnection).isInstanceOf(NoUnitOfWorkException.class);
    on(
        worker,
        () -> {
          work.resume();
          insert("b");
          work.suspend();
          return null;
        });
    work.finish();
    assertThat(tenants.stored(ACME)).containsExactly("a", "b");
    assertThatThrownBy(work::resume).hasMessageContaining("has ended");
    assertThatThrownBy(work::suspend).hasMessageContaining("has ended");
  }

  /** Its marks would be set while the first one's statements run, or its COMMIT. */
  @Test
  void aUnitThatAnotherThreadHas_isNotJoined() throws Exception {
    UnitOfWork work = dataSource.begin(ACME);
    insert("a");
    on(
        worker,
        () -> {
          work.resume();
          assertThatThrownBy(() -> dataSource.begin(ACME)).isInstanceOf(UnitInUseException.class);
          work.suspend();
          return null;
        });
    work.finish();
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }

  @Test
  void aRehearsalThatAnotherThreadHas_hasNoUnitBegunInside() throws Exception {
    UnitOfWork work = dataSource.begin(ACME, UnitOptions.defaults().rehearsal());
    insert("a");
    on(
        worker,
        () -> {
          work.resume();
          assertThatThrownBy(() -> dataSource.begin(ACME)).isInstanceOf(UnitInUseException.class);
          work.suspend();
          return null;
        });
    work.finish();
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void whatWaits_isDoneByTheThreadThatGivesTheUnitUp_oneAfterTheOther() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    StringBuilder done = new StringBuilder();
    UnitOfWork work = dataSource.begin(ACME);
    Future<Thread> task =
        worker.submit(
            work.handOver(
                () -> {
                  insert("a");
                  working.countDown();
                  asked.await(10, TimeUnit.SECONDS);
                  return Thread.currentThread();
                }));
    working.await(10, TimeUnit.SECONDS);
    Thread[] by = new Thread[1];
    work.whenFree(
        () -> {
          done.append("1");
          throw new IllegalStateException("the first one fails");
        });
    work.whenFree(
        () -> {
          done.append("2");
          by[0] = Thread.currentThread();
          try {
            work.finish();
          } catch (SQLException e) {
            throw new UncheckedSQLException(e);
          }
        });
    assertThat(done).isEmpty();
    asked.countDown();
    assertThatThrownBy(() -> task.get(10, TimeUnit.SECONDS))
        .hasMessageContaining("the first one fails");
    assertThat(done).hasToString("12");
    assertThat(by[0].getName()).isEqualTo(on(worker, Thread::currentThread).getName());
    assertThat(tenants.stored(ACME)).containsExactly("a");
    work.whenFree(() -> done.append("3"));
    assertThat(done).hasToString("123");
  }

  @Test
  void aThreadThatDied_hasTheUnitNoMore() throws Exception {
    UnitOfWork[] left = new UnitOfWork[1];
    Thread thread =
        new Thread(
            () -> {
              try {
                left[0] = dataSource.begin(ACME);
                insert("a");
              } catch (SQLException e) {
                throw new UncheckedSQLException(e);
              }
            });
    thread.start();
    thread.join();
    left[0].close();
    assertThat(tenants.leases()).isZero();
  }

  @Test
  void cancel_endsTheStatementThatRuns_andRefusesTheNext() throws Exception {
    try (Tenants postgres = Tenants.onPostgres()) {
      UnitOfWork work = postgres.dataSource.begin(ACME);
      Connection connection = postgres.dataSource.getConnection();
      Tenants.insert(connection, "a");
      long pid = pid(connection);
      Future<Object> task =
          worker.submit(
              work.handOver(
                  () -> {
                    try (Statement statement = connection.createStatement()) {
                      return statement.execute("SELECT pg_sleep(60)");
                    }
                  }));
      awaitSleep(postgres, pid);
      work.cancel();
      assertThatThrownBy(() -> task.get(10, TimeUnit.SECONDS))
          .hasMessageContaining("canceling statement");
      assertThatThrownBy(() -> Tenants.insert(connection, "b"))
          .hasMessageContaining("was cancelled");
      assertThatThrownBy(postgres.dataSource::getConnection).hasMessageContaining("was cancelled");
      assertThatThrownBy(work::finish).isInstanceOf(RolledBackException.class);
      assertThat(postgres.stored(ACME)).isEmpty();
    }
  }

  @Test
  void closeOfAPlainConnection_endsTheStatementThatRuns_andDestroysIt() throws Exception {
    try (Tenants postgres = Tenants.onPostgres()) {
      DataSource plain = postgres.dataSource.forTenant(ACME);
      Connection connection = plain.getConnection();
      long pid = pid(connection);
      Future<Boolean> task =
          worker.submit(
              () -> {
                try (Statement statement = connection.createStatement()) {
                  return statement.execute("SELECT pg_sleep(60)");
                }
              });
      awaitSleep(postgres, pid);
      connection.close();
      assertThatThrownBy(() -> task.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SQLException.class);
      try (Connection one = plain.getConnection();
          Connection two = plain.getConnection()) {
        assertThat(List.of(pid(one), pid(two))).doesNotContain(pid);
      }
    }
  }

  private static long pid(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT pg_backend_pid()")) {
      result.next();
      return result.getLong(1);
    }
  }

  private static void awaitSleep(Tenants postgres, long pid) throws SQLException {
    try (Connection observer = postgres.dataSource.forTenant(ACME).getConnection()) {
      await()
          .until(
              () -> {
                try (Statement statement = observer.createStatement();
                    ResultSet result =
                        statement.executeQuery(
                            "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                                + " AND pid = "
                                + pid)) {
                  return result.next();
                }
              });
    }
  }
}
