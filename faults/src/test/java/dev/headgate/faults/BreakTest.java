package dev.headgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BreakTest {

  private final StubDatabase database = StubDatabase.create("break");
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void insert() throws SQLException {
    connection = DriverManager.getConnection(database.url());
    connection.setAutoCommit(false);
    statement = connection.createStatement();
    statement.executeUpdate("INSERT a");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void breakBefore_losesTheCommit() {
    database.arm("Connection.commit()"::equals, Fault.breakBefore());
    assertBroken(connection::commit);
    assertThat(database.committed()).isEmpty();
    assertThat(database.states().get(0).inTransaction()).isFalse();
    assertThat(database.states().get(0).broken()).isTrue();
  }

  @Test
  void breakAfter_losesOnlyTheAnswerOfTheCommit() {
    database.arm("Connection.commit()"::equals, Fault.breakAfter());
    assertBroken(connection::commit);
    assertThat(database.committed()).containsExactly("a");
  }

  @Test
  void breakAfter_aStatement_rollsItBack() {
    database.arm("Statement.executeUpdate(INSERT b)"::equals, Fault.breakAfter());
    assertBroken(() -> statement.executeUpdate("INSERT b"));
    assertBroken(connection::commit);
    assertThat(database.committed()).isEmpty();
  }

  @Test
  void broken_failsEveryCallButThoseThatLetGo() throws SQLException {
    ResultSet result = statement.executeQuery("SELECT");
    database.armAt(0, Fault.breakBefore());
    assertBroken(connection::getSchema);

    assertBroken(connection::rollback);
    assertBroken(connection::createStatement);
    assertBroken(() -> connection.setAutoCommit(true));
    assertBroken(() -> connection.setClientInfo("name", "value"));
    assertBroken(() -> statement.executeUpdate("INSERT b"));
    assertBroken(result::next);
    assertThat(connection.isClosed()).isFalse();
    assertThat(connection.isValid(1)).isFalse();
    result.close();
    statement.close();
    assertThat(database.openConnections()).isEqualTo(1);
    connection.close();
    assertThat(connection.isClosed()).isTrue();
    assertThat(database.openConnections()).isZero();
  }

  @Test
  void broken_canBeAborted() throws SQLException {
    database.armAt(0, Fault.breakBefore());
    assertBroken(connection::getSchema);
    connection.abort(Runnable::run);
    assertThat(database.openConnections()).isZero();
  }

  @Test
  void broken_leavesOtherConnectionsAlone() throws SQLException {
    database.armAt(0, Fault.breakBefore());
    assertBroken(connection::getSchema);
    try (Connection other = DriverManager.getConnection(database.url())) {
      other.createStatement().executeUpdate("INSERT b");
    }
    assertThat(database.committed()).containsExactly("b");
  }

  @Test
  void breakAfter_connect_leavesNoConnectionOpen() {
    database.armAt(0, Fault.breakAfter());
    assertBroken(() -> DriverManager.getConnection(database.url()));
    assertThat(database.connectionsMade()).isEqualTo(2);
    assertThat(database.openConnections()).isEqualTo(1);
  }

  private static void assertBroken(ThrowingCallable call) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(call)
        .returns("08006", SQLException::getSQLState);
  }
}
