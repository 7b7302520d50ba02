package dev.headgate.frameworks.suite;

import dev.headgate.datasource.pool.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

/** A real PostgreSQL server, one for all tests of the JVM; it stops with it. */
final class PostgresServer {

  private static final Set<String> databases = new HashSet<>();

  private PostgresServer() {}

  private static final class Started {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Returns the database of a name, which is created when it is first asked for. */
  static synchronized Database database(String name) throws SQLException {
    if (databases.add(name)) {
      try (Connection connection = Started.SERVER.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
      }
    }
    return Database.builder(
            "jdbc:postgresql://localhost:%d/%s".formatted(Started.SERVER.getPort(), name))
        .user("postgres")
        .build();
  }
}
