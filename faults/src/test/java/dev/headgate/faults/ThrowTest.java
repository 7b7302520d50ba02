package dev.headgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThrowTest {

  private final StubDatabase database = StubDatabase.create("throw");

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {SQLException.class, IllegalStateException.class, StackOverflowError.class})
  void throwBefore_throwsTheGivenFailureInsteadOfTheEffect(Class<? extends Throwable> type)
      throws Exception {
    Throwable failure = type.getConstructor().newInstance();
    try (Connection connection = inserting("a")) {
      database.arm("Connection.commit()"::equals, Fault.throwBefore(() -> failure));
      assertThatThrownBy(connection::commit).isSameAs(failure);
      assertThat(database.committed()).isEmpty();
      assertThat(database.states().get(0).inTransaction()).isTrue();
    }
  }

  @Test
  void throwAfter_throwsAfterTheEffect() throws SQLException {
    SQLException failure = new SQLException("answer lost");
    try (Connection connection = inserting("a")) {
      database.arm("Connection.commit()"::equals, Fault.throwAfter(() -> failure));
      assertThatThrownBy(connection::commit).isSameAs(failure);
      assertThat(database.committed()).containsExactly("a");
    }
  }

  @Test
  void throwAfter_ofACallThatFailsByItself_doesNotStrike() throws SQLException {
    Fault fault = Fault.throwAfter(() -> new SQLException("answer lost"));
    ArmedFault armed = database.arm("Statement.executeUpdate(DUPLICATE)"::equals, fault);
    try (Connection connection = inserting("a")) {
      assertThatExceptionOfType(SQLIntegrityConstraintViolationException.class)
          .isThrownBy(() -> connection.createStatement().executeUpdate("DUPLICATE"));
      assertThat(armed.hasFired()).isFalse();
    }
  }

  @Test
  void connect_canBeRefused() {
    Fault refusal = Fault.throwBefore(() -> new SQLException("refused", "08001"));
    database.arm(call -> call.startsWith("Driver.connect"), refusal).always();
    assertThatThrownBy(() -> DriverManager.getConnection(database.url())).hasMessage("refused");
    assertThat(database.connectionsMade()).isZero();
  }

  @Test
  void connect_whoseAnswerIsLost_leavesNoConnectionOpen() {
    Fault lost = Fault.throwAfter(() -> new SQLException("answer lost"));
    database.arm(call -> call.startsWith("Driver.connect"), lost);
    assertThatThrownBy(() -> DriverManager.getConnection(database.url())).hasMessage("answer lost");
    assertThat(database.connectionsMade()).isEqualTo(1);
    assertThat(database.openConnections()).isZero();
  }

  @Test
  void setClientInfo_failsWithItsOwnExceptionType() throws SQLException {
    SQLException failure = new SQLException("failed on purpose", "58000");
    try (Connection connection = inserting("a")) {
      database.armAt(0, Fault.throwBefore(() -> failure)).always();
      assertThatExceptionOfType(SQLClientInfoException.class)
          .isThrownBy(() -> connection.setClientInfo(new Properties()))
          .withCause(failure)
          .returns("58000", SQLException::getSQLState);
      database.disarmAll();
    }
  }

  @Test
  void otherCheckedExceptions_areRefused() throws SQLException {
    try (Connection connection = inserting("a")) {
      database.armAt(0, Fault.throwBefore(IOException::new));
      assertThatIllegalArgumentException().isThrownBy(connection::commit);
    }
  }

  @Test
  void close_thatFails_leavesTheConnectionOpenButNobodyToUseIt() throws SQLException {
    Connection connection = inserting("a");
    database.arm("Connection.close()"::equals, Fault.throwBefore(() -> new SQLException("no")));
    assertThatThrownBy(connection::close).hasMessage("no");
    assertThat(database.openConnections()).isEqualTo(1);
    assertThat(database.states().get(0).closeCalled()).isTrue();
    assertThat(database.isClean()).isTrue();
    connection.close();
    assertThat(database.openConnections()).isZero();
  }

  private Connection inserting(String token) throws SQLException {
    Connection connection = DriverManager.getConnection(database.url());
    connection.setAutoCommit(false);
    connection.createStatement().executeUpdate("INSERT " + token);
    return connection;
  }
}
