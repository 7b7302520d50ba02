package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.faults.TestDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** P6: no password in any message, log line or toString(), whatever the driver says. */
final class SecretsTest {

  private static String output = "";

  @BeforeAll
  static void runTheProbe() throws IOException, InterruptedException {
    output =
        ForkedJava.run(
            Path.of("target", "secrets").toAbsolutePath(),
            ForkedJava.classPath(),
            Duration.ofMinutes(2),
            List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                // What drivers log of their own accord is not in Headgate's hands.
                "-Djava.util.logging.config.file=none",
                SecretsProbe.class.getName()));
  }

  @Test
  void probe_printedMessagesAndLogsOfAllLevels() {
    assertThat(output)
        .contains(
            "could not connect to jdbc:stub:nowhere: ",
            "no JDBC driver accepts jdbc:unknown://host/x",
            "PoolConflictException",
            "became free",
            "DEBUG com.zaxxer.hikari",
            "INFO dev.headgate.datasource.pool.PoolRegistry");
  }

  @Test
  void canary_isNowhere() {
    assertThat(output.lines().filter(line -> line.contains(SecretsProbe.CANARY))).isEmpty();
  }

  @Test
  void driverThatQuotesTheUrl_stillSaysWhatIsWrong() {
    assertThat(output).contains("A file path that is implicitly relative");
  }

  @Test
  void driverFailureWithASecret_keepsStateAndCode() {
    Database database = Database.builder("jdbc:talking:x").password("canary").build();
    assertConnecting(database, new SQLException("no canary here", "28P01", 7))
        .hasMessage("java.sql.SQLException: no … here")
        .matches(e -> ((SQLException) e).getSQLState().equals("28P01"))
        .matches(e -> ((SQLException) e).getErrorCode() == 7);
  }

  @Test
  void driverFailureWithASecretInItsCause_hidesIt() {
    Database database = Database.builder("jdbc:talking:x").password("canary").build();
    assertConnecting(database, new SQLException("see below", new IOException("host canary")))
        .hasRootCauseMessage("java.io.IOException: host …");
  }

  @Test
  void driverFailureWithASecret_inACircleOfCauses_hidesIt() {
    Database database = Database.builder("jdbc:talking:x").password("canary").build();
    SQLException failure = new SQLException("no canary");
    failure.initCause(new IOException("canary", failure));
    assertConnecting(database, failure).hasMessage("java.sql.SQLException: no …");
  }

  @Test
  void driverFailureWithoutASecret_isPassedOnAsItIs() {
    SQLException failure = new SQLException("no");
    assertConnecting(Database.builder("jdbc:talking:x").password("canary").build(), failure)
        .isSameAs(failure);
  }

  @Test
  void passwordThatIsTheUserToo_hidesNothing() {
    SQLException failure = new SQLException("user sa does not exist");
    assertConnecting(Database.builder("jdbc:talking:x").user("sa").password("sa").build(), failure)
        .isSameAs(failure);
  }

  @Test
  void emptyPassword_hidesNothing() {
    SQLException failure = new SQLException("no");
    assertConnecting(Database.builder("jdbc:talking:x").password("").build(), failure)
        .isSameAs(failure);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:talking:x?user=u&passwordOld=canary&ssl=true",
        "jdbc:talking:u/canary@host:x",
        "jdbc:talking:u:canary@host"
      })
  void secretOfTheUrl_isHidden(String url) {
    assertConnecting(Database.of(url), new SQLException("I was told canary"))
        .hasMessageNotContaining("canary");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertConnecting(
      Database database, SQLException failure) {
    return assertThatThrownBy(() -> Connecting.by(new FailingDriver(failure), database));
  }

  private static final class FailingDriver extends TestDriver {

    private final SQLException failure;

    FailingDriver(SQLException failure) {
      this.failure = failure;
    }

    @Override
    public Connection connect(String url, Properties info) throws SQLException {
      throw failure;
    }

    @Override
    public boolean acceptsURL(String url) {
      return true;
    }
  }
}
