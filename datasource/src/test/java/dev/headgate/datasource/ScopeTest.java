package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A scope keyed by the identifier of a job, which two threads work on in turns. */
class ScopeTest {

  private final ThreadLocal<String> job = new ThreadLocal<>();
  private final ExecutorService one = Executors.newSingleThreadExecutor();
  private final ExecutorService other = Executors.newSingleThreadExecutor();
  private RoutingDataSource dataSource;

  @BeforeEach
  void start() throws SQLException {
    Map<String, Database> databases = Map.of("acme", Tenants.newH2(), "globex", Tenants.newH2());
    dataSource = RoutingDataSource.builder(TenantDirectory.of(databases)).scope(job::get).build();
    for (TenantId tenant : List.of(ACME, GLOBEX)) {
      try (Connection connection = dataSource.forTenant(tenant).getConnection();
          var statement = connection.createStatement()) {
        statement.execute("CREATE TABLE note (text VARCHAR(100) PRIMARY KEY)");
      }
    }
  }

  @AfterEach
  void stop() {
    one.shutdownNow();
    other.shutdownNow();
    dataSource.close();
  }

  /** Does something on a thread that works on a job meanwhile. */
  private <T> T in(ExecutorService thread, String id, Callable<T> task) throws Exception {
    return thread
        .submit(
            () -> {
              job.set(id);
              try {
                return task.call();
              } finally {
                job.remove();
              }
            })
        .get(10, TimeUnit.SECONDS);
  }

  private Void insert(String text) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      Tenants.insert(connection, text);
    }
    return null;
  }

  private List<String> stored(TenantId tenant) throws SQLException {
    try (Connection connection = dataSource.forTenant(tenant).getConnection()) {
      return Tenants.texts(connection);
    }
  }

  @Test
  void twoThreadsThatTakeTurns_workInOneUnit() throws Exception {
    UnitOfWork work = in(one, "job-1", () -> dataSource.begin(ACME));
    in(other, "job-1", () -> insert("a"));
    in(one, "job-1", () -> insert("b"));
    assertThat(in(other, "job-1", () -> dataSource.current())).isSameAs(work);
    assertThat(stored(ACME)).isEmpty();
    in(
        other,
        "job-1",
        () -> {
          dataSource.current().finish();
          return null;
        });
    assertThat(stored(ACME)).containsExactly("a", "b");
    assertThatThrownBy(() -> in(one, "job-1", () -> insert("c")))
        .hasCauseInstanceOf(NoUnitOfWorkException.class);
  }

  @Test
  void twoJobs_haveTheirOwnUnits_onOneThread() throws Exception {
    UnitOfWork first = in(one, "job-1", () -> dataSource.begin(ACME));
    UnitOfWork second = in(one, "job-2", () -> dataSource.begin(GLOBEX));
    in(one, "job-1", () -> insert("a"));
    in(one, "job-2", () -> insert("b"));
    first.finish();
    second.close();
    assertThat(stored(ACME)).containsExactly("a");
    assertThat(stored(GLOBEX)).isEmpty();
  }

  @Test
  void aUnit_mayBeEndedWhereItsKeyIsNotCurrent() throws Exception {
    UnitOfWork work = in(one, "job-1", () -> dataSource.begin(ACME));
    in(one, "job-1", () -> insert("a"));
    work.finish();
    assertThat(stored(ACME)).containsExactly("a");
    assertThatThrownBy(() -> in(one, "job-1", () -> dataSource.current()))
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void afterAnIndependentUnit_theOuterOneIsCurrentAgain() throws Exception {
    UnitOfWork outer = in(one, "job-1", () -> dataSource.begin(ACME));
    UnitOfWork inner =
        in(other, "job-1", () -> dataSource.beginIndependent(ACME, UnitOptions.defaults()));
    assertThat(in(one, "job-1", () -> dataSource.current())).isSameAs(inner);
    inner.close();
    assertThat(in(one, "job-1", () -> dataSource.current())).isSameAs(outer);
    outer.close();
  }

  @Test
  void aUnit_endedWhereItsKeyIsNotCurrent_endsThoseInsideIt() throws Exception {
    UnitOfWork outer = in(one, "job-1", () -> dataSource.begin(ACME));
    in(one, "job-1", () -> dataSource.beginIndependent(ACME, UnitOptions.defaults()));
    in(one, "job-1", () -> insert("left"));
    UnitOfWork other = in(one, "job-2", () -> dataSource.begin(ACME));
    in(
        one,
        "job-2",
        () -> {
          outer.close();
          return null;
        });
    assertThat(dataSource.snapshot().pools()).allMatch(pool -> pool.leases() == 0);
    assertThat(in(one, "job-2", () -> dataSource.current())).isSameAs(other);
    other.close();
  }

  @Test
  void workThatIsLost_whereTheKeyIsNotCurrent_isThatOfTheUnitInsideTheRehearsal() throws Exception {
    UnitOfWork rehearsal =
        in(one, "job-1", () -> dataSource.begin(ACME, UnitOptions.defaults().rehearsal()));
    UnitOfWork inside = in(one, "job-1", () -> dataSource.begin(ACME));
    Connection connection = in(one, "job-1", () -> dataSource.getConnection());
    connection.setAutoCommit(false);
    Tenants.insert(connection, "a");
    in(one, "job-1", () -> insert("b"));
    connection.close();
    assertThat(inside.isRollbackOnly()).isTrue();
    assertThat(rehearsal.isRollbackOnly()).isFalse();
    rehearsal.close();
    assertThat(inside.outcome()).contains(Outcome.ROLLED_BACK);
  }

  @Test
  void withoutAKey_theUnitIsBoundToTheThread() throws Exception {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      assertThat(dataSource.current()).isSameAs(work);
      assertThatThrownBy(() -> one.submit(() -> dataSource.current()).get())
          .hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> in(one, "job-1", () -> insert("a")))
          .hasCauseInstanceOf(NoUnitOfWorkException.class);
    }
  }
}
