package dev.headgate.benchmarks.flood;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.headgate.benchmarks.harness.JettyServer;
import dev.headgate.datasource.DatabaseMapper;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.filter.TenantResolver;
import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A web application whose tenants are in a table of a control database, and have each a database of
 * their own: all of them H2's, in memory.
 */
final class Application implements AutoCloseable {

  static final int TENANTS = 20;

  private static final int NOTES = 10;
  private static final int CONTROL_POOL = 16;

  private final HikariDataSource control;
  private final AtomicLong lookups = new AtomicLong();
  private final RoutingDataSource dataSource;
  private final Stopwatch stopwatch = new Stopwatch();
  private final JettyServer server;

  Application() throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:h2:mem:flood-control");
    config.setMaximumPoolSize(CONTROL_POOL);
    control = new HikariDataSource(config);
    TenantDirectory table =
        TenantDirectory.query(
            control, "SELECT url FROM tenant WHERE name = ?", DatabaseMapper.byColumns());
    dataSource =
        RoutingDataSource.builder(
                tenant -> {
                  lookups.incrementAndGet();
                  return table.find(tenant);
                })
            .build();
    create();
    UnitOfWorkFilter filter =
        UnitOfWorkFilter.builder(dataSource, TenantResolver.header("Tenant")).build();
    server =
        JettyServer.start(
            "flood",
            context -> {
              context.addFilter("stopwatch", stopwatch).addMappingForUrlPatterns(null, false, "/*");
              context.addFilter("unit-of-work", filter).addMappingForUrlPatterns(null, true, "/*");
              context.addServlet("notes", new NotesServlet()).addMapping("/*");
            });
  }

  static String tenant(long number) {
    return "t" + number % TENANTS;
  }

  private static String url(long number) {
    return "jdbc:h2:mem:flood-%s;DB_CLOSE_DELAY=-1".formatted(tenant(number));
  }

  private void create() throws SQLException {
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE tenant (name VARCHAR(63) PRIMARY KEY, url VARCHAR(200))");
      for (int i = 0; i < TENANTS; i++) {
        statement.execute("INSERT INTO tenant VALUES ('%s', '%s')".formatted(tenant(i), url(i)));
      }
    }
    for (int i = 0; i < TENANTS; i++) {
      try (Connection connection = DriverManager.getConnection(url(i));
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE note (id INT PRIMARY KEY, text VARCHAR(100))");
        for (int note = 0; note < NOTES; note++) {
          statement.execute("INSERT INTO note VALUES (%d, '%s')".formatted(note, tenant(i)));
        }
      }
    }
  }

  int port() {
    return server.port();
  }

  Stopwatch stopwatch() {
    return stopwatch;
  }

  /** Returns how often the directory was asked so far. */
  long lookups() {
    return lookups.get();
  }

  /** Returns how many pools were made so far. */
  long poolsMade() {
    return dataSource.snapshot().totals().made();
  }

  @Override
  public void close() throws SQLException {
    server.close();
    dataSource.close();
    control.close();
    for (int i = 0; i < TENANTS; i++) {
      try (Connection connection = DriverManager.getConnection(url(i));
          Statement statement = connection.createStatement()) {
        statement.execute("SHUTDOWN");
      }
    }
  }

  /** Shows the notes, which have the name of their tenant. */
  private final class NotesServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      StringBuilder notes = new StringBuilder();
      try (Connection connection = dataSource.getConnection();
          PreparedStatement select =
              connection.prepareStatement("SELECT text FROM note ORDER BY id");
          ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          notes.append(rows.getString(1)).append('\n');
        }
      } catch (SQLException e) {
        throw new ServletException(e);
      }
      byte[] body = notes.toString().getBytes(StandardCharsets.UTF_8);
      response.setContentType("text/plain;charset=UTF-8");
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
    }
  }
}
