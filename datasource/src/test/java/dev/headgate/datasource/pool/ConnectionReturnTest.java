package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.ConnectionState;
import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection goes back clean, or is destroyed. */
final class ConnectionReturnTest {

  enum Failure {
    SQL_EXCEPTION_WITHOUT_STATE(() -> new SQLException("broken in a way of its own")),
    RUNTIME_EXCEPTION(() -> new IllegalStateException("the driver has a bug")),
    ERROR(() -> new AssertionError("the driver has a bad bug"));

    private final Supplier<Throwable> make;

    Failure(Supplier<Throwable> make) {
      this.make = make;
    }
  }

  private final StubPools pools = StubPools.bound(5);
  private final StubDatabase stub = pools.stub("a");
  private Lease lease;

  @BeforeEach
  void leaseAPool() throws SQLException {
    lease = pools.lease("a");
  }

  @AfterEach
  void close() {
    lease.close();
    pools.close();
  }

  @Test
  void borrowed_hasAutoCommitOff() throws SQLException {
    try (Connection connection = lease.getConnection()) {
      assertThat(connection.getAutoCommit()).isFalse();
    }
  }

  @Test
  void returned_uncommitted_isRolledBack() throws SQLException {
    try (Connection connection = lease.getConnection()) {
      insert(connection);
    }
    assertThat(stub.states()).hasSize(1).noneMatch(ConnectionState::inTransaction);
    assertThat(stub.committed()).isEmpty();
  }

  @Test
  void returned_uncommitted_toAPoolInAutoCommitMode_isRolledBack() throws SQLException {
    try (StubPools inAutoCommitMode = new StubPools(PoolRegistry.builder().autoCommit(true))) {
      try (Lease other = inAutoCommitMode.lease("b");
          Connection connection = other.getConnection()) {
        connection.setAutoCommit(false);
        insert(connection);
      }
      assertThat(inAutoCommitMode.stub("b").committed()).isEmpty();
    }
  }

  @Test
  void returned_withAutoCommitOn_isBorrowedWithItOff() throws SQLException {
    try (Connection connection = lease.getConnection()) {
      connection.setAutoCommit(true);
    }
    try (Connection connection = lease.getConnection()) {
      assertThat(connection.getAutoCommit()).isFalse();
    }
    assertThat(stub.connectionsMade()).isEqualTo(1);
  }

  @Test
  void returned_withWarnings_isBorrowedWithout() throws SQLException {
    try (Connection connection = lease.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("WARN careful");
    }
    try (Connection connection = lease.getConnection()) {
      assertThat((Throwable) connection.getWarnings()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void rollbackFailsOnReturn_connectionIsDestroyed(Failure failure) throws SQLException {
    Connection connection = lease.getConnection();
    insert(connection);
    stub.arm("Connection.rollback()"::equals, Fault.throwBefore(failure.make));
    assertDestroyedOnReturn(connection);
  }

  @ParameterizedTest
  @EnumSource
  void clearingWarningsFailsOnReturn_connectionIsDestroyed(Failure failure) throws SQLException {
    Connection connection = lease.getConnection();
    stub.arm("Connection.clearWarnings()"::equals, Fault.throwBefore(failure.make));
    assertDestroyedOnReturn(connection);
  }

  @ParameterizedTest
  @EnumSource
  void rollbackFailsOnReturn_failureIsTheCause(Failure failure) throws SQLException {
    Connection connection = lease.getConnection();
    insert(connection);
    Throwable cause = failure.make.get();
    stub.arm("Connection.rollback()"::equals, Fault.throwBefore(() -> cause));
    assertThatThrownBy(connection::close)
        .isInstanceOf(SQLException.class)
        .hasCause(cause)
        .hasMessageContainingAll("rollback", cause.getMessage());
  }

  @Test
  void rollbackFailsOnReturn_leaseStillLends() throws SQLException {
    Connection connection = lease.getConnection();
    insert(connection);
    stub.arm("Connection.rollback()"::equals, Fault.throwBefore(SQLException::new));
    assertThatThrownBy(connection::close).isInstanceOf(SQLException.class);
    try (Connection next = lease.getConnection()) {
      insert(next);
      next.commit();
    }
    assertThat(stub.committed()).containsExactly("token");
  }

  @ParameterizedTest
  @EnumSource
  void rollbackFailsInUse_connectionIsDestroyed(Failure failure) throws SQLException {
    try (Connection connection = lease.getConnection()) {
      insert(connection);
      stub.arm("Connection.rollback()"::equals, Fault.throwBefore(failure.make));
      assertThatThrownBy(connection::rollback).isInstanceOf(SQLException.class);
      assertThat(connection.isClosed()).isTrue();
    }
    await().until(() -> stub.connectionsClosed() == 1);
  }

  @Test
  void connectionBreaksInUse_isDestroyed() throws SQLException {
    try (Connection connection = lease.getConnection()) {
      stub.arm(call -> call.contains("INSERT"), Fault.breakBefore());
      assertThatThrownBy(() -> insert(connection)).isInstanceOf(SQLException.class);
    }
    await().until(() -> stub.connectionsClosed() == 1);
  }

  @Test
  void unwrap_leadsToTheDriversConnection() throws SQLException {
    try (Lease h2 = pools.registry.lease(Database.of("jdbc:h2:mem:"));
        Connection connection = h2.getConnection()) {
      assertThat(connection.isWrapperFor(JdbcConnection.class)).isTrue();
      assertThat(connection.unwrap(JdbcConnection.class).getSession()).isNotNull();
    }
  }

  private void assertDestroyedOnReturn(Connection connection) throws SQLException {
    assertThatThrownBy(connection::close).isInstanceOf(SQLException.class);
    await().until(() -> stub.connectionsClosed() == 1);
    lease.getConnection().close();
    assertThat(stub.connectionsMade()).isEqualTo(2);
    assertThat(stub.committed()).isEmpty();
  }

  private static void insert(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT token");
    }
  }
}
