package dev.headgate.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy to a real PostgreSQL server, and a direct connection to see what has become of it. */
final class ProxiedPostgres implements AutoCloseable {

  private static final AtomicInteger names = new AtomicInteger();

  private static final class Started {
    // It stops itself in a shutdown hook.
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final String name = "proxied_" + names.incrementAndGet();
  private final Connection direct;
  private final FaultProxy proxy;

  ProxiedPostgres() throws SQLException {
    direct = DriverManager.getConnection(url(Started.SERVER.getPort(), "direct"));
    try (Statement statement = direct.createStatement()) {
      statement.execute("CREATE TABLE " + name + " (token text)");
    }
    proxy = FaultProxy.to("localhost", Started.SERVER.getPort(), Protocol.POSTGRESQL);
  }

  @Override
  public void close() throws SQLException {
    try (direct) {
      proxy.close();
    }
  }

  FaultProxy proxy() {
    return proxy;
  }

  String table() {
    return name;
  }

  /**
   * Connects through the proxy, with auto-commit.
   *
   * @param parameters of the driver, such as {@code &socketTimeout=1}
   */
  Connection connect(String parameters) throws SQLException {
    return connect(proxy.port(), parameters);
  }

  Connection connect(int port, String parameters) throws SQLException {
    return DriverManager.getConnection(url(port, name) + parameters);
  }

  /** Connects through the proxy and inserts, without COMMIT. */
  Connection insert(String token) throws SQLException {
    Connection connection = connect("");
    connection.setAutoCommit(false);
    insert(connection, token);
    return connection;
  }

  void insert(Connection connection, String token) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + name + " VALUES (?)")) {
      insert.setString(1, token);
      insert.executeUpdate();
    }
  }

  boolean isStored(String token) throws SQLException {
    return stored().contains(token);
  }

  Set<String> stored() throws SQLException {
    Set<String> tokens = new HashSet<>();
    try (Statement statement = direct.createStatement();
        ResultSet result = statement.executeQuery("SELECT token FROM " + name)) {
      while (result.next()) {
        tokens.add(result.getString(1));
      }
    }
    return tokens;
  }

  /** How many sessions the server has, of those that came through the proxy. */
  int sessions() throws SQLException {
    return sessions("true");
  }

  int sessions(String condition) throws SQLException {
    return count(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '%s' AND %s"
            .formatted(name, condition));
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = direct.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Starts work in a thread. */
  static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "client");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  static FutureTask<Void> commit(Connection connection) {
    return start(
        () -> {
          connection.commit();
          return null;
        });
  }

  /** What the threads of a proxy are for that have not ended. */
  static List<String> threads(FaultProxy proxy) {
    String prefix = "fault-proxy-" + proxy.port() + " ";
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .toList();
  }

  private int count(String query) throws SQLException {
    try (Statement statement = direct.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getInt(1);
    }
  }

  private static String url(int port, String application) {
    return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&ApplicationName=%s"
        .formatted(port, application);
  }
}
