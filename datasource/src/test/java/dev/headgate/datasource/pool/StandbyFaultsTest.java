package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes wrong while connections stand by costs nobody a connection, nor another failure. */
final class StandbyFaultsTest {

  private final StubPools pools = StubPools.bound(1);
  private final StubDatabase stub = pools.stub("a");

  @AfterEach
  void close() {
    pools.close();
  }

  private Connection borrow() throws SQLException {
    return pools.registry.borrow(pools.database("a"), "label", null, null);
  }

  /** Borrows a connection, to find that the server has gone. */
  private Connection broken() throws SQLException {
    Connection connection = borrow();
    try (Statement statement = connection.createStatement()) {
      stub.arm(
          call -> call.startsWith("Statement.execute"),
          Fault.throwBefore(() -> new SQLException("gone", "08006")));
      assertThatThrownBy(() -> statement.execute("SELECT")).hasMessage("gone");
    }
    return connection;
  }

  @Test
  void broken_isGivenBackQuietly() throws SQLException {
    Connection connection = broken();
    assertThatCode(() -> pools.registry.giveBack(connection)).doesNotThrowAnyException();
    assertThat(pools.pool("a").leases()).isZero();
  }

  @Test
  void broken_isClosedQuietly() throws SQLException {
    Connection connection = broken();
    assertThatCode(connection::close).doesNotThrowAnyException();
    assertThat(pools.pool("a").leases()).isZero();
  }

  @Test
  void borrowedForNobody_takesNothing() throws SQLException {
    pools.registry.giveBack(borrow());
    pools.registry.giveBack(borrow());
    assertThatNullPointerException()
        .isThrownBy(() -> pools.registry.borrow(pools.database("a"), null, null, null))
        .withMessage("label");
    assertThat(pools.pool("a").active()).isZero();
  }

  @Test
  void registryHasBeenClosedMeanwhile_itIsEndedAtOnce() {
    PoolThreads threads = new PoolThreads("closed");
    threads.close();
    List<Pool> ended = new ArrayList<>();
    Pool pool = BarePool.make(1, each -> {});
    new StandbyWatch(threads, () -> 0, ended::add).standsBy(pool);
    assertThat(ended).containsExactly(pool);
  }
}
