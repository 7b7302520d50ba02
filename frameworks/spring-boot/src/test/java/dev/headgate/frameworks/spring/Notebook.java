package dev.headgate.frameworks.spring;

import dev.headgate.datasource.RoutingDataSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.tools.Server;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** The application as it runs, on a port of the loopback, with databases of its own. */
final class Notebook implements AutoCloseable {

  private static final AtomicInteger started = new AtomicInteger();
  private static final HttpClient client = HttpClient.newHttpClient();

  private final Class<?> application;
  private final String name = "notebook-" + started.incrementAndGet();
  private List<String> loggedAtStart = List.of();
  private Server initech;
  private ConfigurableApplicationContext context;

  private Notebook(Class<?> application) {
    this.application = application;
  }

  /** The one with the settings as they are, for all tests that leave it as it was. */
  static Notebook shared() {
    return Shared.NOTEBOOK;
  }

  /** Stops with this process. */
  private static final class Shared {
    static final Notebook NOTEBOOK = start();
  }

  static Notebook start(String... settings) {
    return start(NotebookApplication.class, context -> {}, settings);
  }

  /** Starts it; the database of the tenant initech is behind a server that can be stopped. */
  static Notebook start(
      Class<?> application,
      ApplicationContextInitializer<ConfigurableApplicationContext> change,
      String... settings) {
    Notebook notebook = new Notebook(application);
    try {
      notebook.initech = server(0);
      notebook.run(change, settings);
      return notebook;
    } catch (IOException | SQLException | RuntimeException | Error e) {
      notebook.close();
      throw e instanceof RuntimeException failure ? failure : new IllegalStateException(e);
    }
  }

  private static Server server(int port) throws SQLException {
    return Server.createTcpServer("-tcpPort", Integer.toString(port), "-ifNotExists").start();
  }

  private void run(
      ApplicationContextInitializer<ConfigurableApplicationContext> change, String... settings)
      throws IOException {
    Path tenants =
        Files.writeString(
            Files.createTempFile("tenants", ".properties"),
            """
            template.url = jdbc:h2:mem:%1$s-template;DB_CLOSE_DELAY=-1
            acme.url = jdbc:h2:mem:%1$s-acme;DB_CLOSE_DELAY=-1
            globex.url = jdbc:h2:mem:%1$s-globex;DB_CLOSE_DELAY=-1
            initech.url = jdbc:h2:tcp://localhost:%2$d/mem:%1$s-initech;DB_CLOSE_DELAY=-1
            initech.pool.borrow-timeout = PT1S
            """
                .formatted(name, initech.getPort()));
    tenants.toFile().deleteOnExit();
    List<String> all =
        new ArrayList<>(
            List.of(
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--headgate.datasource.directory=" + tenants,
                "--spring.main.banner-mode=off",
                "--logging.threshold.console=off"));
    all.addAll(List.of(settings));
    SpringApplication running = new SpringApplication(application);
    // Not before: Spring Boot has set up Logback by now.
    List<Logs> logs = new ArrayList<>();
    running.addInitializers(starting -> logs.add(Logs.listen()), change);
    context = running.run(all.toArray(new String[0]));
    loggedAtStart = logs.get(0).lines();
  }

  /** Returns what was logged until the web server was ready, each line with its level. */
  List<String> loggedAtStart() {
    return loggedAtStart;
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  RoutingDataSource dataSource() {
    return bean(RoutingDataSource.class);
  }

  int port() {
    return ((ServletWebServerApplicationContext) context).getWebServer().getPort();
  }

  Answer get(String tenant, String path) {
    return send(tenant, path, "GET", "").join();
  }

  Answer post(String tenant, String path, String body) {
    return send(tenant, path, "POST", body).join();
  }

  /** Sends a request to a tenant's host, or to the domain itself for the empty name. */
  CompletableFuture<Answer> send(String tenant, String path, String method, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .header("Host", tenant.isEmpty() ? "example.com" : tenant + ".example.com")
            .header("Content-Type", "text/plain")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(Answer::of);
  }

  void takeInitechDown() {
    initech.stop();
  }

  void bringInitechBack() throws SQLException {
    initech = server(initech.getPort());
  }

  @Override
  public void close() {
    if (context != null) {
      context.close();
    }
    if (initech != null) {
      initech.stop();
    }
  }
}
