package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.ForkedJava;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P6: no password is to be seen, with real servers, and every logger at its finest. */
final class ServerSecretsTest {

  private static final String LOGGING =
      """
      handlers = java.util.logging.ConsoleHandler
      java.util.logging.ConsoleHandler.level = ALL
      .level = FINE
      org.postgresql.level = ALL
      org.h2.level = ALL
      """;

  private static String output = "";

  @BeforeAll
  static void runTheProbe(@TempDir Path folder) throws Exception {
    Path logging = Files.writeString(folder.resolve("logging.properties"), LOGGING);
    Path rules =
        Files.writeString(
            folder.resolve("hba"),
            """
            local all all trust
            host all postgres localhost trust
            host all app 127.0.0.1/32 scram-sha-256
            """);
    String h2 = "jdbc:h2:file:" + folder.resolve("h2");
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder().setServerConfig("hba_file", rules.toString()).start()) {
      try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
        execute(connection, "CREATE ROLE app LOGIN PASSWORD '" + ServerSecretsProbe.GOOD + "'");
      }
      String mariadb = MariaDbServer.start().database("secrets").url();
      try (Connection connection = DriverManager.getConnection(mariadb, "root", "")) {
        // From here on it asks for passwords, which it does not as it is started.
        execute(connection, "FLUSH PRIVILEGES");
        execute(connection, "CREATE USER app@'%' IDENTIFIED BY '" + ServerSecretsProbe.GOOD + "'");
        execute(connection, "GRANT ALL ON secrets.* TO app@'%'");
      }
      DriverManager.getConnection(h2, "app", ServerSecretsProbe.GOOD).close();
      output =
          ForkedJava.run(
              Path.of("target", "server-secrets").toAbsolutePath(),
              ForkedJava.classPath(),
              Duration.ofMinutes(2),
              List.of(
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                  "-Djava.util.logging.config.file=" + logging,
                  ServerSecretsProbe.class.getName(),
                  "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(postgres.getPort()),
                  mariadb,
                  h2));
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void theGoodPasswordWasTaken_andTheWrongOneRefused() {
    assertThat(output)
        .contains(
            "password authentication failed for user \"app\"",
            "Access denied for user 'app'@",
            "Wrong user name or password",
            "became free",
            "relation \"nowhere\" does not exist");
  }

  @Test
  void everyLoggerWasAtItsFinest() {
    assertThat(output)
        .contains("DEBUG com.zaxxer.hikari", "TRACE org.mariadb.jdbc", "FINEST", "org.postgresql");
  }

  @Test
  void everyPlaceWasLookedAt() {
    assertThat(output.lines())
        .anyMatch(line -> line.startsWith("RegistrySnapshot["))
        .anyMatch(line -> line.startsWith("PoolEvent["))
        .anyMatch(line -> line.contains("headgate.pool") && line.contains("Measurement"))
        .anyMatch(line -> line.matches("headgate-[0-9]+-[0-9]+"))
        .anyMatch(line -> line.startsWith("java.lang:type=Runtime InputArguments "));
  }

  @Test
  void noPasswordIsToBeSeen() {
    assertThat(output.lines().filter(line -> line.contains(ServerSecretsProbe.CANARY))).isEmpty();
  }
}
