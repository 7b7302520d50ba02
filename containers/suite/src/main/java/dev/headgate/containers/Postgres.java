package dev.headgate.containers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** The one PostgreSQL server of this JVM, which is started when it is first used. */
public final class Postgres {

  /** The server lets everyone in, so that this is never used, and must never be shown. */
  static final String PASSWORD = "canary-7f3a91";

  private static final AtomicInteger databases = new AtomicInteger();

  private Postgres() {}

  /** Makes a new database and returns its JDBC URL, with the user. */
  public static String newDatabase() throws SQLException {
    String name = "notebook_" + databases.incrementAndGet();
    try (Connection connection = Server.ONE.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return "jdbc:postgresql://localhost:%d/%s?user=postgres".formatted(Server.ONE.getPort(), name);
  }

  private static final class Server {

    // It stops itself in a shutdown hook.
    static final EmbeddedPostgres ONE = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
