package dev.headgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallsTest {

  private final StubDatabase database = StubDatabase.create("calls");

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void calls_areNamedByTypeMethodAndArguments() throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url())) {
      connection.setAutoCommit(false);
      connection.setNetworkTimeout(Runnable::run, 5000);
      Statement statement = connection.createStatement();
      statement.executeUpdate("INSERT x");
      PreparedStatement prepared = connection.prepareStatement("INSERT ?");
      prepared.setString(1, "y");
      prepared.executeUpdate();
      ResultSet result = statement.executeQuery("SELECT");
      result.next();
      result.getString(1);
      Savepoint savepoint = connection.setSavepoint("mark");
      savepoint.getSavepointName();
      connection.rollback(savepoint);
      connection.getMetaData().getDatabaseProductName();
      connection.commit();
    }
    assertThat(database.calls())
        .containsExactly(
            "Driver.connect(jdbc:stub:calls)",
            "Connection.setAutoCommit(false)",
            "Connection.setNetworkTimeout(Executor, 5000)",
            "Connection.createStatement()",
            "Statement.executeUpdate(INSERT x)",
            "Connection.prepareStatement(INSERT ?)",
            "PreparedStatement.setString(1, y)",
            "PreparedStatement.executeUpdate()",
            "Statement.executeQuery(SELECT)",
            "ResultSet.next()",
            "ResultSet.getString(1)",
            "Connection.setSavepoint(mark)",
            "Savepoint.getSavepointName()",
            "Connection.rollback(savepoint \"mark\")",
            "Connection.getMetaData()",
            "DatabaseMetaData.getDatabaseProductName()",
            "Connection.commit()",
            "Connection.close()");
  }

  @Test
  void objectMethods_areNoCalls() throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url())) {
      database.resetCalls();
      assertThat(connection.toString()).isEqualTo("stub connection 1");
      assertThat(connection.hashCode()).isEqualTo(connection.hashCode());
      assertThat(connection.equals(connection)).isTrue();
      assertThat(database.calls()).isEmpty();
    }
  }

  @Test
  void armAt_countsFromNow() throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url())) {
      connection.createStatement();
      ArmedFault armed = database.armAt(1, failing());
      connection.getSchema();
      database.resetCalls();
      assertThat(armed.hasFired()).isFalse();
      assertThatThrownBy(connection::getCatalog).hasMessage("failed on purpose");
      assertThat(armed.hasFired()).isTrue();
      assertThat(connection.getCatalog()).isEqualTo("stub");
      assertThat(database.calls()).hasSize(2);
    }
  }

  @Test
  void armAt_refusesTheNegative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> database.armAt(-1, failing()))
        .withMessageContaining("-1");
  }

  @Test
  void arm_strikesTheNamedCallOnce() throws SQLException {
    database.arm("Connection.getSchema()"::equals, failing());
    try (Connection connection = DriverManager.getConnection(database.url())) {
      connection.getCatalog();
      assertThatThrownBy(connection::getSchema).hasMessage("failed on purpose");
      assertThat(connection.getSchema()).isEqualTo("public");
    }
  }

  @Test
  void always_strikesUntilDisarmed() throws SQLException {
    ArmedFault armed = database.arm("Connection.getSchema()"::equals, failing()).always();
    try (Connection connection = DriverManager.getConnection(database.url())) {
      assertThatThrownBy(connection::getSchema).hasMessage("failed on purpose");
      assertThatThrownBy(connection::getSchema).hasMessage("failed on purpose");
      armed.disarm();
      assertThat(connection.getSchema()).isEqualTo("public");
    }
  }

  @Test
  void always_byIndex_strikesFromThereOn() throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url())) {
      database.armAt(1, failing()).always();
      assertThat(connection.getSchema()).isEqualTo("public");
      assertThatThrownBy(connection::getSchema).hasMessage("failed on purpose");
      assertThatThrownBy(connection::getCatalog).hasMessage("failed on purpose");
      database.disarmAll();
      assertThat(connection.getSchema()).isEqualTo("public");
    }
  }

  private static Fault failing() {
    return Fault.throwBefore(() -> new SQLException("failed on purpose"));
  }
}
