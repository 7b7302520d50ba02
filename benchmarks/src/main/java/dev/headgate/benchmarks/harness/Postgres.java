package dev.headgate.benchmarks.harness;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * A PostgreSQL server on this machine, with one database unless more are created. It does not wait
 * for its disk: a COMMIT then costs what the way to the server and back costs, which is where a
 * client can be slower or faster. What it does now and then by itself is off.
 */
public final class Postgres implements AutoCloseable {

  /** It lets everyone in. */
  public static final String USER = "postgres";

  private final EmbeddedPostgres server;

  private Postgres(EmbeddedPostgres server) {
    this.server = server;
  }

  /** Starts a server with an empty database. */
  public static Postgres start() throws IOException {
    return start(Map.of());
  }

  /** Starts a server with an empty database, and further settings. */
  public static Postgres start(Map<String, String> settings) throws IOException {
    EmbeddedPostgres.Builder server =
        // These do not sync either: the option -F is always set.
        EmbeddedPostgres.builder()
            .setServerConfig("autovacuum", "off")
            .setServerConfig("checkpoint_timeout", "1h")
            .setServerConfig("max_wal_size", "8GB");
    settings.forEach(server::setServerConfig);
    return new Postgres(server.start());
  }

  /** Returns the port at which it listens. */
  public int port() {
    return server.getPort();
  }

  /** Returns the JDBC URL of the database, without the {@link #USER}. */
  public String url() {
    return url("postgres");
  }

  /** Returns the JDBC URL of a database. */
  public String url(String database) {
    return "jdbc:postgresql://localhost:%d/%s".formatted(server.getPort(), database);
  }

  /** Executes statements, outside of a transaction. */
  public void execute(String... statements) throws SQLException {
    executeIn("postgres", statements);
  }

  /** Executes statements in a database, outside of a transaction. */
  public void executeIn(String database, String... statements) throws SQLException {
    try (Connection connection = server.getDatabase(USER, database).getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
