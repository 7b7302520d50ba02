package dev.headgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatementTest {

  private final StubDatabase database = StubDatabase.create("statement");
  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    connection = DriverManager.getConnection(database.url());
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
    database.close();
  }

  @Test
  void select_findsCommittedAndOwnRowsOnly() throws SQLException {
    connection.createStatement().executeUpdate("INSERT a");
    connection.setAutoCommit(false);
    connection.createStatement().executeUpdate("INSERT b");
    try (Connection other = DriverManager.getConnection(database.url())) {
      assertThat(select(connection)).containsExactly("a", "b");
      assertThat(select(other)).containsExactly("a");
    }
  }

  @Test
  void prepared_takesTheTokenFromItsParameter() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT ?")) {
      insert.setString(1, "a b");
      assertThat(insert.executeUpdate()).isEqualTo(1);
      insert.setObject(1, 7);
      assertThat(insert.executeLargeUpdate()).isEqualTo(1);
      insert.clearParameters();
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(insert::executeUpdate)
          .returns("07001", SQLException::getSQLState);
    }
    assertThat(database.committed()).containsExactly("a b", "7");
  }

  @Test
  void callable_isAPreparedStatementToo() throws SQLException {
    try (CallableStatement insert = connection.prepareCall("INSERT a")) {
      insert.execute();
    }
    assertThat(database.committed()).containsExactly("a");
  }

  @Test
  void execute_tellsRowsFromUpdateCounts() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      assertThat(statement.execute("INSERT a")).isFalse();
      assertThat(statement.getUpdateCount()).isEqualTo(1);
      assertThat(statement.getResultSet()).isNull();
      assertThat(statement.execute("SELECT")).isTrue();
      assertThat(statement.getUpdateCount()).isEqualTo(-1);
      assertThat(statement.getResultSet().next()).isTrue();
      assertThat(statement.getMoreResults()).isFalse();
      assertThat(statement.getUpdateCount()).isEqualTo(-1);
    }
  }

  @Test
  void unknownSql_succeedsAndChangesNothing() throws SQLException {
    assertThat(connection.createStatement().executeUpdate("SET x = 1")).isZero();
  }

  @Test
  void batch_runsEveryCommand() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT ?")) {
      insert.setString(1, "a");
      insert.addBatch();
      insert.setString(1, "b");
      insert.addBatch();
      assertThat(insert.executeBatch()).containsExactly(1, 1);
      assertThat(insert.executeBatch()).isEmpty();
    }
    assertThat(database.committed()).containsExactly("a", "b");
  }

  @Test
  void batch_failsWithTheStateOfTheFailingCommandAndTheCountsBeforeIt() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.addBatch("INSERT a");
      statement.addBatch("DEADLOCK");
      statement.addBatch("INSERT b");
      assertThatExceptionOfType(BatchUpdateException.class)
          .isThrownBy(statement::executeBatch)
          .returns("40001", SQLException::getSQLState)
          .satisfies(e -> assertThat(e.getUpdateCounts()).containsExactly(1));
    }
  }

  @Test
  void newExecution_closesTheResultBefore() throws SQLException {
    Statement statement = connection.createStatement();
    ResultSet first = statement.executeQuery("SELECT");
    ResultSet second = statement.executeQuery("SELECT");
    assertThat(first.isClosed()).isTrue();
    assertThat(second.isClosed()).isFalse();
  }

  @Test
  void objects_leadBackToTheirOwners() throws SQLException {
    Statement statement = connection.createStatement();
    assertThat(statement.getConnection()).isSameAs(connection);
    assertThat(statement.executeQuery("SELECT").getStatement()).isSameAs(statement);
    assertThat(statement.getGeneratedKeys().next()).isFalse();
    assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
  }

  @Test
  void result_namesItsColumnAndRefusesOthers() throws SQLException {
    connection.createStatement().executeUpdate("INSERT a");
    ResultSet result = connection.createStatement().executeQuery("SELECT");
    assertThatExceptionOfType(SQLException.class).isThrownBy(() -> result.getString(1));
    assertThat(result.next()).isTrue();
    assertThat(result.getString("token")).isEqualTo("a");
    assertThat(result.getObject(1)).isEqualTo("a");
    assertThatExceptionOfType(SQLException.class).isThrownBy(() -> result.getString(2));
    assertThat(result.next()).isFalse();
    assertThat(result.next()).isFalse();
    assertThatExceptionOfType(SQLException.class).isThrownBy(() -> result.getString(1));
  }

  private static List<String> select(Connection connection) throws SQLException {
    List<String> tokens = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT")) {
      while (result.next()) {
        tokens.add(result.getString(1));
      }
    }
    return tokens;
  }
}
