package dev.headgate.frameworks.modules;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.pool.Database;
import dev.headgate.filter.TenantResolver;
import dev.headgate.filter.UnitOfWorkFilter;
import dev.headgate.hibernate.HibernateSettings;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Serves one request in a unit of work, over HTTP on the loopback address, stores notes by
 * Hibernate, and prints what it saw: the answer, how many notes are cached, and of each of
 * Headgate's modules whether it is named and what of it is open to this application.
 */
final class Main {

  private static final TenantId TENANT = TenantId.of("acme");
  private static final String HEADER = "X-Tenant";

  private Main() {}

  /**
   * Runs until the request is answered.
   *
   * @param args the JDBC URL of the tenant's database
   */
  public static void main(String[] args) throws Exception {
    var directory = TenantDirectory.of(Map.of(TENANT.value(), Database.of(args[0])));
    try (var dataSource = RoutingDataSource.builder(directory).build()) {
      createTable(dataSource);
      System.out.println("answer: " + serveOnce(dataSource));
      System.out.println("cached by Hibernate: " + CachedNotes.store(dataSource, TENANT));
    }
    for (Class<?> type :
        List.of(RoutingDataSource.class, UnitOfWorkFilter.class, HibernateSettings.class)) {
      System.out.println(type.getSimpleName() + ": " + describe(type.getModule()));
    }
  }

  private static void createTable(RoutingDataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.forTenant(TENANT).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE note (text VARCHAR(100))");
    }
  }

  private static String serveOnce(RoutingDataSource dataSource) throws Exception {
    var server = new Server();
    var connector = new ServerConnector(server);
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    var context = new ServletContextHandler();
    context.addServlet(new NoteServlet(), "/");
    var filter = UnitOfWorkFilter.builder(dataSource, TenantResolver.header(HEADER)).build();
    context.addServletContainerInitializer(
        (classes, servletContext) ->
            servletContext
                .addFilter("unit-of-work", filter)
                .addMappingForUrlPatterns(null, false, "/*"));
    server.setHandler(context);
    server.start();
    try {
      return ask(
          URI.create("http://" + connector.getHost() + ":" + connector.getLocalPort() + "/?hello"));
    } finally {
      server.stop();
    }
  }

  private static String ask(URI uri) throws IOException {
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestProperty(HEADER, TENANT.value());
    try (var body = connection.getInputStream()) {
      return connection.getResponseCode()
          + " "
          + new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String describe(Module module) {
    if (!module.isNamed()) {
      return "in no named module";
    }
    var open = new TreeSet<>(module.getPackages());
    open.removeIf(name -> !module.isOpen(name, Main.class.getModule()));
    return "in module %s, open packages: %s".formatted(module.getName(), open);
  }
}
