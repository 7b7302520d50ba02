package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.Fault;
import dev.headgate.faults.Settings;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the next borrower gets, when a registry is used alone. */
class LeasedConnectionTest {

  private final StubDatabase stub = StubDatabase.create("leased");
  private final PoolRegistry registry =
      PoolRegistry.builder().settings(PoolSettings.defaults().withMaximumSize(1)).build();

  @AfterEach
  void close() {
    registry.close();
    stub.close();
  }

  private Lease lease() throws SQLException {
    return registry.lease(Database.of(stub.url()));
  }

  private void assertDestroyed() {
    await().until(() -> stub.connectionsClosed() == 1);
  }

  @Test
  void workBehindUnwrapThatWasNotCommitted_isRolledBack() throws SQLException {
    try (Lease lease = registry.lease(Database.of("jdbc:h2:mem:leased"))) {
      try (Connection first = lease.getConnection()) {
        execute(first, "CREATE TABLE note (text VARCHAR(10))");
        first.commit();
        execute(first.unwrap(JdbcConnection.class), "INSERT INTO note VALUES ('unseen')");
      }
      try (Connection next = lease.getConnection();
          Statement statement = next.createStatement();
          ResultSet notes = statement.executeQuery("SELECT * FROM note")) {
        assertThat(notes.next()).isFalse();
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void settings_areChangedBack_alsoAfterWorkThatWasNotCommitted() throws SQLException {
    try (Lease lease = lease();
        Connection connection = lease.getConnection()) {
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      connection.setNetworkTimeout(Runnable::run, 1000);
      execute(connection, "INSERT a");
    }
    assertThat(stub.isClean(Settings.INITIAL.withAutoCommit(false))).isTrue();
    assertThat(stub.committed()).isEmpty();
    assertThat(stub.openConnections()).isEqualTo(1);
  }

  @Test
  void autoCommit_isChangedBack() throws SQLException {
    try (Lease lease = lease();
        Connection connection = lease.getConnection()) {
      connection.setAutoCommit(true);
      assertThat(connection.getAutoCommit()).isTrue();
      execute(connection, "INSERT a");
    }
    assertThat(stub.committed()).containsExactly("a");
    assertThat(stub.isClean(Settings.INITIAL.withAutoCommit(false))).isTrue();
  }

  @Test
  void aSchemaThatWasSet_isNotSeenByTheNext() throws SQLException {
    try (Lease lease = lease();
        Connection connection = lease.getConnection()) {
      connection.setSchema("other");
    }
    assertDestroyed();
  }

  @Test
  void aResetThatFails_destroysTheConnection() throws SQLException {
    stub.arm(
        "Connection.setReadOnly(false)"::equals,
        Fault.throwBefore(() -> new SQLException("no state")));
    try (Lease lease = lease()) {
      Connection connection = lease.getConnection();
      connection.setReadOnly(true);
      assertThatThrownBy(connection::close).hasMessage("no state");
      assertDestroyed();
    }
  }

  @Test
  void aConnectionThatBroke_closesQuietly_thoughItWasChanged() throws SQLException {
    try (Lease lease = lease()) {
      Connection connection = lease.getConnection();
      connection.setReadOnly(true);
      stub.arm(call -> call.contains("INSERT a"), Fault.breakBefore());
      assertThatThrownBy(() -> execute(connection, "INSERT a")).isInstanceOf(SQLException.class);
      assertThatCode(connection::close).doesNotThrowAnyException();
      assertDestroyed();
    }
  }

  @Test
  void aRollbackInAutoCommitMode_isAMistakeAndNoBrokenConnection() throws SQLException {
    try (Lease lease = lease();
        Connection connection = lease.getConnection()) {
      connection.setAutoCommit(true);
      assertThatThrownBy(connection::rollback)
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25P01"));
      execute(connection, "INSERT a");
    }
    assertThat(stub.committed()).containsExactly("a");
    assertThat(stub.connectionsClosed()).isZero();
  }

  @Test
  void aConnectionOfElsewhere_isNotDiscarded() throws SQLException {
    try (Lease lease = lease();
        Lease other = registry.lease(Database.of("jdbc:h2:mem:other"));
        Connection connection = other.getConnection()) {
      assertThatThrownBy(() -> lease.discard(connection))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("was not borrowed from pool");
      assertThat(connection.isClosed()).isFalse();
    }
  }
}
