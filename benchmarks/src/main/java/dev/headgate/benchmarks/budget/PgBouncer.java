package dev.headgate.benchmarks.budget;

import dev.headgate.benchmarks.harness.Postgres;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PgBouncer process in front of a server, with the budget as what its user may have open. */
final class PgBouncer implements AutoCloseable {

  private static final Duration UNTIL_IT_LISTENS = Duration.ofSeconds(10);

  private final Process process;
  private final Path folder;
  private final int port;

  private PgBouncer(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /** Returns its program, if it is installed. */
  static Optional<Path> program() {
    List<String> folders =
        new ArrayList<>(
            List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)));
    folders.add("/usr/sbin");
    return folders.stream()
        .map(folder -> Path.of(folder, "pgbouncer"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts one.
   *
   * @param mode its pool mode, {@code session} or {@code transaction}
   */
  static PgBouncer start(Path program, Postgres server, String mode, int budget)
      throws IOException, InterruptedException, SQLException {
    Path folder = Files.createTempDirectory("pgbouncer");
    // It refuses to be root, and goes on as someone who has to find its files.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    int port = freePort();
    Path users = folder.resolve("users");
    Files.writeString(users, "\"%s\" \"\"\n".formatted(Postgres.USER));
    Path settings = folder.resolve("settings");
    // Not with the server's user among the databases: each would have one to count of its own.
    Files.writeString(
        settings,
        """
        [databases]
        * = host=127.0.0.1 port=%d
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = trust
        auth_file = %s
        pool_mode = %s
        max_user_connections = %d
        default_pool_size = %d
        max_client_conn = 10000
        server_login_retry = 0
        ignore_startup_parameters = extra_float_digits
        """
            .formatted(server.port(), port, users, mode, budget, budget));
    List<String> command = new ArrayList<>(List.of(program.toString(), "-q"));
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("-u", "nobody"));
    }
    command.add(settings.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    PgBouncer started = new PgBouncer(process, folder, port);
    try {
      started.awaitListening();
    } catch (SQLException | InterruptedException | RuntimeException e) {
      started.close();
      throw e;
    }
    return started;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening() throws SQLException, InterruptedException {
    long end = System.nanoTime() + UNTIL_IT_LISTENS.toNanos();
    while (true) {
      try {
        connect("postgres").close();
        return;
      } catch (SQLException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(20);
      }
    }
  }

  String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
  }

  /** Opens a new connection of a client's. */
  Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database), Postgres.USER, "");
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
    process.destroyForcibly();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
