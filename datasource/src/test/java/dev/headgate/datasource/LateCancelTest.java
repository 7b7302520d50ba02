package dev.headgate.datasource;

import static dev.headgate.datasource.StubTenant.TENANT;
import static dev.headgate.datasource.StubTenant.execute;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.faults.ArmedFault;
import dev.headgate.faults.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A request to cancel that fails after its unit has ended breaks no connection of the next one. */
class LateCancelTest {

  private final StubTenant tenant = new StubTenant();
  private final CountDownLatch answer = new CountDownLatch(1);

  /** So often that its connection stands by. */
  @BeforeEach
  void useTheTenant() throws SQLException {
    for (int i = 0; i < 3; i++) {
      try (UnitOfWork work = tenant.dataSource.begin(TENANT);
          Connection connection = tenant.dataSource.getConnection()) {
        execute(connection, "INSERT before");
        work.commit();
      }
    }
  }

  @AfterEach
  void close() {
    answer.countDown();
    tenant.close();
  }

  @Test
  void ofAUnit() throws Exception {
    assertThatTheNextUnitCommits((work, statement) -> inVain(work::cancel));
  }

  @Test
  void ofAStatement() throws Exception {
    assertThatTheNextUnitCommits((work, statement) -> inVain(statement::cancel));
  }

  private interface Cancel {
    void ask() throws SQLException;
  }

  private static Callable<Void> inVain(Cancel cancel) {
    return () -> {
      cancel.ask();
      return null;
    };
  }

  private void assertThatTheNextUnitCommits(
      BiFunction<UnitOfWork, Statement, Callable<Void>> cancelling) throws Exception {
    ArmedFault slow = tenant.stub.arm("Statement.cancel()"::equals, Fault.blockBefore(answer));
    tenant.stub.arm(
        "Statement.cancel()"::equals,
        Fault.throwBefore(() -> new SQLException("cancel failed", "08006")));
    FutureTask<Void> cancel;
    try (UnitOfWork work = tenant.dataSource.begin(TENANT);
        Connection connection = tenant.dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT slow");
      cancel = new FutureTask<>(cancelling.apply(work, statement));
      new Thread(cancel).start();
      slow.awaitFired();
    }
    try (UnitOfWork work = tenant.dataSource.begin(TENANT);
        Connection connection = tenant.dataSource.getConnection()) {
      execute(connection, "INSERT next");
      answer.countDown();
      assertThatThrownBy(() -> cancel.get(10, TimeUnit.SECONDS))
          .hasRootCauseMessage("cancel failed");
      assertThatCode(work::commit).doesNotThrowAnyException();
    }
  }
}
