package dev.headgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatObject;

import java.io.Closeable;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionTest {

  private final StubDatabase database = StubDatabase.create("connection");
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
  void create_refusesATakenOrBlankName() {
    assertThatIllegalStateException().isThrownBy(() -> StubDatabase.create("connection"));
    assertThatIllegalArgumentException().isThrownBy(() -> StubDatabase.create(" "));
  }

  @Test
  void connect_afterClose_findsNoDatabase() {
    database.close();
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> DriverManager.getConnection(database.url()))
        .returns("08001", SQLException::getSQLState);
  }

  @Test
  void driver_leavesOtherUrlsToOtherDrivers() throws SQLException {
    Driver driver = DriverManager.getDriver(database.url());
    assertThat(driver).isInstanceOf(StubDriver.class);
    assertThat(driver.connect("jdbc:other:connection", new Properties())).isNull();
  }

  @Test
  void counts_madeOpenAndClosedConnections() throws SQLException {
    Connection second = DriverManager.getConnection(database.url());
    second.close();
    second.close();
    assertThat(database.connectionsMade()).isEqualTo(2);
    assertThat(database.connectionsClosed()).isEqualTo(1);
    assertThat(database.openConnections()).isEqualTo(1);
  }

  @Test
  void abort_closesAndRollsBack() throws SQLException {
    connection.setAutoCommit(false);
    connection.createStatement().executeUpdate("INSERT a");
    connection.abort(Runnable::run);
    assertThat(connection.isClosed()).isTrue();
    assertThat(database.openConnections()).isZero();
    assertThat(database.committed()).isEmpty();
  }

  @Test
  void close_closesStatementsAndResults() throws SQLException {
    Statement statement = connection.createStatement();
    ResultSet result = statement.executeQuery("SELECT");
    connection.close();
    assertThat(statement.isClosed()).isTrue();
    assertThat(result.isClosed()).isTrue();
    assertThat(connection.isValid(1)).isFalse();
  }

  @Test
  void useAfterClose_failsWithoutSqlState() throws SQLException {
    Statement statement = connection.createStatement();
    statement.close();
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> statement.executeQuery("SELECT"))
        .withMessageContaining("closed")
        .returns(null, SQLException::getSQLState);
    connection.close();
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(connection::createStatement)
        .withMessageContaining("closed")
        .returns(null, SQLException::getSQLState);
  }

  @Test
  void settings_areKeptAndShown() throws SQLException {
    connection.setReadOnly(true);
    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    connection.setSchema("s");
    connection.setCatalog(null);
    connection.setNetworkTimeout(Runnable::run, 5000);
    connection.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT);
    connection.setClientInfo("user", "u");
    connection.setClientInfo("gone", "g");
    connection.setClientInfo("gone", null);

    assertThat(connection.isReadOnly()).isTrue();
    assertThat(connection.getNetworkTimeout()).isEqualTo(5000);
    assertThat(connection.getClientInfo("user")).isEqualTo("u");
    assertThat(connection.getClientInfo()).containsOnlyKeys("user");
    Settings settings = database.states().get(0).settings();
    assertThat(settings.autoCommit()).isTrue();
    assertThat(settings.readOnly()).isTrue();
    assertThat(settings.isolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
    assertThat(settings.schema()).isEqualTo("s");
    assertThat(settings.catalog()).isNull();
    assertThat(settings.networkTimeout()).isEqualTo(5000);
    assertThat(settings.holdability()).isEqualTo(ResultSet.HOLD_CURSORS_OVER_COMMIT);
    assertThat(settings.clientInfo()).containsOnlyKeys("user");
  }

  @Test
  void isClean_comparesSettings() throws SQLException {
    assertThat(database.isClean()).isTrue();
    connection.setAutoCommit(false);
    connection.setSchema("s");
    assertThat(database.isClean()).isFalse();
    assertThat(database.isClean(Settings.INITIAL.withAutoCommit(false).withSchema("s"))).isTrue();
  }

  @Test
  void inTransaction_beginsWithTheFirstStatement() throws SQLException {
    Settings expected = Settings.INITIAL.withAutoCommit(false);
    connection.setAutoCommit(false);
    assertThat(database.isClean(expected)).isTrue();
    connection.createStatement().executeQuery("SELECT");
    assertThat(database.states().get(0).inTransaction()).isTrue();
    assertThat(database.isClean(expected)).isFalse();
    connection.rollback();
    assertThat(database.isClean(expected)).isTrue();
  }

  @Test
  void warnings_areChainedAndCleared() throws SQLException {
    connection.createStatement().executeUpdate("WARN first");
    connection.createStatement().executeUpdate("WARN second");
    assertThat(connection.getWarnings().getMessage()).isEqualTo("first");
    assertThat(connection.getWarnings().getNextWarning().getMessage()).isEqualTo("second");
    connection.clearWarnings();
    assertThatObject(connection.getWarnings()).isNull();
  }

  @Test
  void unwrap_givesTheObjectItselfOrFails() throws SQLException {
    assertThat(connection.isWrapperFor(Wrapper.class)).isTrue();
    assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
    assertThat(connection.isWrapperFor(Closeable.class)).isFalse();
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> connection.unwrap(Closeable.class));
  }

  @Test
  void metaData_namesTheProduct() throws SQLException {
    assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("Stub");
    assertThat(connection.getMetaData().getURL()).isEqualTo(database.url());
    assertThat(connection.isValid(1)).isTrue();
  }

  @Test
  void otherMethods_answerPlainly() throws SQLException {
    assertThat(connection.createArrayOf("text", new Object[0])).isNull();
    assertThat(connection.createStatement().getMaxRows()).isZero();
    assertThat(connection.createStatement().isCloseOnCompletion()).isFalse();
  }
}
