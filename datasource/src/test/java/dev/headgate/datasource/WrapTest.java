package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Tasks that carry the tenant, and run in units of work of their own. */
class WrapTest {

  private final ExecutorService plain = Executors.newFixedThreadPool(2);
  private Tenants tenants;
  private RoutingDataSource dataSource;

  @BeforeEach
  void start() throws SQLException {
    tenants = Tenants.onH2();
    dataSource = tenants.dataSource;
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try {
      assertThat(tenants.leases()).isZero();
      for (int i = 0; i < 2 && !plain.isShutdown(); i++) {
        assertThatThrownBy(() -> plain.submit(() -> dataSource.current()).get())
            .hasCauseInstanceOf(IllegalStateException.class);
      }
    } finally {
      plain.shutdownNow();
      tenants.close();
    }
  }

  private void insert(String text) {
    try (Connection connection = dataSource.getConnection()) {
      Tenants.insert(connection, text);
    } catch (SQLException e) {
      throw new UncheckedSQLException(e);
    }
  }

  private void insertAndFail(String text) {
    insert(text);
    throw new IllegalStateException("canary");
  }

  private static void await(Future<?> future) throws Exception {
    future.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aRunnable_runsInAUnitOfItsOwn() throws Exception {
    Runnable task;
    try (UnitOfWork work = dataSource.begin(ACME)) {
      task = dataSource.wrap(() -> insert("task"));
      insert("request");
      await(plain.submit(task));
      assertThat(tenants.stored(ACME)).as("before the request's end").containsExactly("task");
    }
    assertThat(tenants.stored(ACME)).as("after its rollback").containsExactly("task");
  }

  @Test
  void aTask_mayRunAfterTheUnit_andMoreThanOnce() throws Exception {
    List<String> texts = new ArrayList<>(List.of("a", "b"));
    Runnable task;
    try (UnitOfWork work = dataSource.begin(ACME)) {
      task = dataSource.wrap(() -> insert(texts.remove(0)));
      work.commit();
    }
    await(plain.submit(task));
    await(plain.submit(task));
    assertThat(tenants.stored(ACME)).containsExactly("a", "b");
  }

  @Test
  void aTaskThatFails_isRolledBack_andTheUnitAroundItsSubmissionIsNot() throws Exception {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      insert("request");
      Future<?> failed = plain.submit(dataSource.wrap(() -> insertAndFail("task")));
      assertThatThrownBy(() -> await(failed))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("canary");
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("request");
  }

  @Test
  void aCallable_returnsItsResult_andLetsItsExceptionThrough() throws Exception {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      Callable<String> task =
          dataSource.wrap(
              () -> {
                insert("task");
                return dataSource.current().tenant().value();
              });
      assertThat(plain.submit(task).get(10, TimeUnit.SECONDS)).isEqualTo("acme");
      Callable<String> failing =
          dataSource.wrap(
              () -> {
                throw new IOException("canary");
              });
      assertThatThrownBy(failing::call).isInstanceOf(IOException.class);
    }
    assertThat(tenants.stored(ACME)).containsExactly("task");
  }

  @Test
  void onTheVeryThread_aTaskHasAUnitOfItsOwn() throws Exception {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      insert("request");
      dataSource.wrap(() -> insert("task")).run();
      assertThat(dataSource.current()).isSameAs(work);
    }
    assertThat(tenants.stored(ACME)).containsExactly("task");
  }

  @Test
  void insideAnotherTenantsUnit_aTaskIsRefused() throws Exception {
    Runnable task;
    try (UnitOfWork work = dataSource.begin(ACME)) {
      task = dataSource.wrap(() -> insert("task"));
      work.commit();
    }
    try (UnitOfWork work = dataSource.begin(GLOBEX)) {
      assertThatThrownBy(task::run).isInstanceOf(TenantMismatchException.class);
      work.commit();
    }
  }

  @Test
  void aCommitThatFails_isToldByARunnable() throws Exception {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      Runnable task = dataSource.wrap(() -> dataSource.current().setRollbackOnly());
      assertThatThrownBy(task::run)
          .isInstanceOf(UncheckedSQLException.class)
          .hasCauseInstanceOf(RolledBackException.class);
    }
  }

  @Test
  void outsideAUnit_aTaskCarriesNoTenant() throws Exception {
    Runnable task = dataSource.wrap(() -> insert("task"));
    assertThatThrownBy(task::run).hasCauseInstanceOf(NoUnitOfWorkException.class);
    Callable<String> other = dataSource.wrap(() -> "result");
    assertThat(other.call()).isEqualTo("result");
  }

  @Test
  void anExecutor_wrapsEachTask_withTheTenantOfItsSubmission() throws Exception {
    Executor wrapped = dataSource.wrap((Executor) plain);
    for (TenantId tenant : List.of(ACME, GLOBEX)) {
      try (UnitOfWork work = dataSource.begin(tenant)) {
        await(CompletableFuture.runAsync(() -> insert("of " + tenant), wrapped));
      }
    }
    assertThat(tenants.stored(ACME)).containsExactly("of acme");
    assertThat(tenants.stored(GLOBEX)).containsExactly("of globex");
  }

  @Test
  void outsideAUnit_anExecutorRunsTasksAsTheyAre_withoutATenant() throws Exception {
    Executor wrapped = dataSource.wrap((Executor) plain);
    CompletableFuture<Void> failed = CompletableFuture.runAsync(() -> insert("task"), wrapped);
    assertThatThrownBy(() -> await(failed)).hasRootCauseInstanceOf(NoUnitOfWorkException.class);
    await(CompletableFuture.runAsync(() -> {}, wrapped));
  }

  @Test
  void anUnwrappedExecutor_carriesNothing() throws Exception {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      Future<?> failed = plain.submit(() -> insert("task"));
      assertThatThrownBy(() -> await(failed)).hasRootCauseInstanceOf(NoUnitOfWorkException.class);
      work.commit();
    }
  }

  @Test
  void everyWayToSubmit_carriesTheTenant() throws Exception {
    ExecutorService wrapped = dataSource.wrap(plain);
    try (UnitOfWork work = dataSource.begin(ACME)) {
      await(wrapped.submit(() -> insert("a")));
      await(wrapped.submit(() -> insert("b"), "result"));
      await(wrapped.submit(inserting("c")));
      for (Future<?> each : wrapped.invokeAll(List.of(inserting("d"), inserting("e")))) {
        await(each);
      }
      for (Future<?> each : wrapped.invokeAll(List.of(inserting("f")), 10, TimeUnit.SECONDS)) {
        await(each);
      }
      wrapped.invokeAny(List.of(inserting("g")));
      wrapped.invokeAny(List.of(inserting("h")), 10, TimeUnit.SECONDS);
      wrapped.execute(() -> insert("i"));
      wrapped.shutdown();
      assertThat(wrapped.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
      assertThat(wrapped.isShutdown()).isTrue();
      assertThat(wrapped.isTerminated()).isTrue();
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i");
  }

  private Callable<String> inserting(String text) {
    return () -> {
      insert(text);
      return text;
    };
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void virtualThreads_carryTheTenantsOfManyTasks() throws Exception {
    ExecutorService virtual =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    ExecutorService wrapped = dataSource.wrap(virtual);
    try {
      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        TenantId tenant = i % 2 == 0 ? ACME : GLOBEX;
        String text = tenant + " " + i;
        try (UnitOfWork work = dataSource.begin(tenant)) {
          tasks.add(wrapped.submit(() -> insert(text)));
          work.commit();
        }
      }
      for (Future<?> task : tasks) {
        task.get(60, TimeUnit.SECONDS);
      }
      assertThat(tenants.stored(ACME)).hasSize(100).allMatch(text -> text.startsWith("acme"));
      assertThat(tenants.stored(GLOBEX)).hasSize(100).allMatch(text -> text.startsWith("globex"));
    } finally {
      virtual.shutdownNow();
    }
  }
}
