package dev.headgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the things that PostgreSQL's driver says are a COMMIT. */
class PostgresCommitTest {

  private ProxiedPostgres postgres;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws SQLException {
    postgres = new ProxiedPostgres();
    proxy = postgres.proxy();
  }

  @AfterEach
  void stop() throws SQLException {
    postgres.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "&preferQueryMode=simple",
        "&preferQueryMode=extendedForPrepared",
        "&preferQueryMode=extendedCacheEverything",
        "&prepareThreshold=0",
        "&prepareThreshold=1",
        "&sslmode=prefer",
        "&gssEncMode=prefer",
        "&autosave=always",
        "&reWriteBatchedInserts=true"
      })
  void everyCommit_isSeen_howeverTheDriverSaysIt(String parameters) throws SQLException {
    try (Connection connection = postgres.connect(parameters)) {
      connection.setAutoCommit(false);
      for (int i = 1; i <= 12; i++) {
        postgres.insert(connection, "a" + i);
        assertThat(proxy.commitsSeen()).isEqualTo(i - 1);
        connection.commit();
        assertThat(proxy.commitsSeen()).isEqualTo(i);
      }
    }
    assertThat(postgres.isStored("a12")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&preferQueryMode=simple", "&prepareThreshold=0"})
  void everyAnswerIsFound_alsoBehindFailuresAndBatches(String parameters) throws SQLException {
    try (Connection connection = postgres.connect(parameters)) {
      connection.setAutoCommit(false);
      for (int i = 1; i <= 3; i++) {
        batch(connection, 300);
        connection.rollback();
        fail(connection);
        connection.rollback();
        postgres.insert(connection, "a" + i);
        connection.commit();
      }
      batch(connection, 10);
      proxy.onCommit(CommitFaults.next(CommitFault.hangAfter()));
      connection.setNetworkTimeout(Runnable::run, 500);
      assertThatThrownBy(connection::commit).hasStackTraceContaining("SocketTimeoutException");
    }
    assertThat(postgres.isStored("row9")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"COMMIT", "commit;", " Commit Work ", "COMMIT TRANSACTION ;"})
  void aCommitInTheApplicationsSql_isSeen(String sql) throws SQLException {
    try (Connection connection = postgres.connect("");
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
      statement.execute(sql);
    }
    assertThat(proxy.commitsSeen()).isEqualTo(1);
  }

  @Test
  void whatOnlyLooksLikeACommit_isNotSeen() throws SQLException {
    try (Connection connection = postgres.connect("");
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT 'COMMIT'");
      statement.execute("SELECT 1 AS commit");
      postgres.insert(connection, "COMMIT");
      connection.rollback();
      connection.setAutoCommit(true);
      postgres.insert(connection, "by itself");
    }
    assertThat(proxy.commitsSeen()).isZero();
  }

  private void batch(Connection connection, int rows) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + postgres.table() + " VALUES (?)")) {
      for (int i = 0; i < rows; i++) {
        insert.setString(1, "row" + i);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void fail(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1/0");
    } catch (SQLException e) {
      assertThat(e.getMessage()).contains("division by zero");
    }
  }
}
