package dev.headgate.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.Lease;
import dev.headgate.datasource.pool.PoolRegistry;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's Java, XML and properties: each is here, in the example or in the build word for
 * word, and runs.
 */
class SnippetsTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);

  /** What a snippet of a pom begins with. */
  private static final String POM = "<dependencyManagement>";

  private static final Pattern VERSION = Pattern.compile("<version>(.*?)</version>");

  @TempDir Path folder;

  /** A table of notes in the current unit of work's database. */
  private record Notes(DataSource dataSource) {

    void create(DataSource target) throws SQLException {
      try (Connection connection = target.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE note (text VARCHAR(100))");
      }
    }

    void add(String text) throws SQLException {
      try (Connection connection = dataSource.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("INSERT INTO note VALUES ('" + text + "')");
      }
    }

    int count() {
      try (Connection connection = dataSource.getConnection();
          Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery("SELECT count(*) FROM note")) {
        result.next();
        return result.getInt(1);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  private static List<String> blocks(String language) throws IOException {
    List<String> found = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(read("README.md"));
    while (matcher.find()) {
      if (matcher.group(1).equals(language)) {
        found.add(matcher.group(2).strip());
      }
    }
    return found;
  }

  @Test
  void theWebXml_isThatOfTheExample() throws IOException {
    List<String> webXml = elements(read("example-webapp/src/main/webapp/WEB-INF/web.xml"));
    List<String> blocks = new ArrayList<>(blocks("xml"));
    blocks.removeIf(block -> block.startsWith(POM));
    assertThat(blocks).hasSize(1);
    assertThat(webXml).containsSubsequence(elements(blocks.get(0)));
  }

  @Test
  void thePom_importsTheBomAsTheParentDoes_andNamesTheFilterAsTheExampleDoes() throws IOException {
    List<String> blocks = new ArrayList<>(blocks("xml"));
    blocks.removeIf(block -> !block.startsWith(POM));
    assertThat(blocks).hasSize(1);
    // The first dependency of each list; the builds have more.
    String[] parts =
        blocks.get(0).split("</dependencies>\\s*</dependencyManagement>|</dependencies>");
    assertThat(parts).hasSize(2);
    Matcher version = VERSION.matcher(read("bom/pom.xml"));
    assertThat(version.find()).isTrue();
    assertThat(elements(read("pom.xml").replace("${project.version}", version.group(1))))
        .containsSequence(elements(parts[0].strip()));
    assertThat(elements(read("example-webapp/pom.xml")))
        .containsSequence(elements(parts[1].strip()));
  }

  private static List<String> elements(String xml) {
    return xml.replaceAll("(?s)<!--.*?-->", "").lines().map(String::strip).toList();
  }

  @Test
  void theProperties_areRead() throws Exception {
    Path secret = Files.writeString(folder.resolve("acme"), "one\n");
    String block =
        String.join("\n", blocks("properties"))
            .replace("/run/secrets/acme", secret.toString())
            .replace("${env:GLOBEX_PASSWORD}", "two");
    TenantDirectory directory =
        TenantDirectory.properties(
            Files.writeString(folder.resolve("tenants.properties"), block, UTF_8));
    assertThat(directory.find(TenantId.of("acme")))
        .contains(
            Database.builder("jdbc:postgresql://db.example.com/acme")
                .user("app")
                .password("one")
                .build());
    assertThat(directory.find(TenantId.of("globex")).orElseThrow().pool().orElseThrow())
        .extracting(settings -> settings.maximumSize())
        .isEqualTo(5);
  }

  @Test
  void theFilter_isSetUpInCode() throws Exception {
    Files.writeString(
        folder.resolve("tenants.properties"), "acme.url = jdbc:h2:mem:snippet;DB_CLOSE_DELAY=-1\n");
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    ServletContextHandler handler = new ServletContextHandler();
    server.setHandler(handler);
    handler.addServlet(
        new ServletHolder(
            new HttpServlet() {
              private static final long serialVersionUID = 1L;

              @Override
              protected void doGet(HttpServletRequest request, HttpServletResponse response)
                  throws IOException {
                RoutingDataSource dataSource =
                    UnitOfWorkFilter.dataSource(request.getServletContext());
                response.getWriter().print("of " + dataSource.current().tenant());
              }
            }),
        "/");
    handler.addServletContainerInitializer(
        (classes, context) -> {
          try {
            setUp(context);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    server.start();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.0\r\nHost: acme.example.com\r\n\r\n".getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).endsWith("of acme");
    } finally {
      UnitOfWorkFilter.dataSource(handler.getServletContext()).close();
      server.stop();
    }
  }

  @Test
  void oneDatabase_isSetUpInCode() throws Exception {
    String url = "jdbc:h2:mem:one;DB_CLOSE_DELAY=-1";
    try (Web web = new Web()) {
      web.context().addServletContainerInitializer((classes, context) -> setUpOne(context, url));
      web.servlet(
              "/*",
              (request, response) -> {
                RoutingDataSource dataSource =
                    UnitOfWorkFilter.dataSource(request.getServletContext());
                try (Connection connection = dataSource.getConnection()) {
                  response.getWriter().print(connection.getMetaData().getURL());
                }
              })
          .start();
      assertThat(web.get("/").text()).startsWith("jdbc:h2:mem:one");
      UnitOfWorkFilter.dataSource(web.context().getServletContext()).close();
    }
  }

  private static void setUpOne(ServletContext context, String url) {
    // snippet
    RoutingDataSource dataSource = RoutingDataSource.builder(Database.of(url)).build();
    UnitOfWorkFilter filter =
        UnitOfWorkFilter.builder(dataSource, TenantResolver.fixed(TenantId.ONLY)).build();
    context.addFilter("unit-of-work", filter).addMappingForUrlPatterns(null, false, "/*");
    // end of snippet
  }

  private void setUp(ServletContext context) throws IOException {
    Path tenantsFile = folder.resolve("tenants.properties");
    // snippet
    RoutingDataSource dataSource =
        RoutingDataSource.builder(TenantDirectory.properties(tenantsFile)).build();
    UnitOfWorkFilter filter =
        UnitOfWorkFilter.builder(dataSource, TenantResolver.subdomainOf("example.com")).build();
    context.addFilter("unit-of-work", filter).addMappingForUrlPatterns(null, false, "/*");
    // end of snippet
  }

  @Test
  void directoriesAndUnitsOfWork_areUsedOutsideOfRequests() throws SQLException {
    Map<String, String> customers = Map.of("acme", "jdbc:h2:mem:jobs;DB_CLOSE_DELAY=-1");
    // snippet
    TenantDirectory directory =
        tenant -> Optional.ofNullable(customers.get(tenant.value())).map(Database::of);
    // end of snippet
    try (RoutingDataSource dataSource = RoutingDataSource.builder(directory).build()) {
      Notes notes = new Notes(dataSource);
      notes.create(dataSource.forTenant(TenantId.of("acme")));
      // snippet
      try (UnitOfWork work = dataSource.begin(TenantId.of("acme"))) {
        notes.add("from a job");
        work.commit();
      }
      // end of snippet
      // snippet
      int count = dataSource.call(TenantId.of("acme"), work -> notes.count());
      // end of snippet
      assertThat(count).isEqualTo(1);
    }
  }

  @Test
  void aRegistry_isUsedAlone() throws SQLException {
    try (PoolRegistry registry = PoolRegistry.builder().build()) {
      // snippet
      try (Lease lease = registry.lease(Database.of("jdbc:h2:mem:reports"));
          Connection connection = lease.getConnection()) {
        fill(connection);
        connection.commit();
      }
      // end of snippet
      assertThat(registry.snapshot().pools()).hasSize(1);
    }
  }

  private static void fill(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE report (text VARCHAR(100))");
    }
  }
}
