package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.RoutingDataSource;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The snippets of docs/answers.md. */
class AnswersSnippetsTest {

  private final StubApp app = new StubApp();
  private final RoutingDataSource dataSource = app.dataSource;
  private final TenantResolver resolver = TenantResolver.header("Tenant");
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final Notes notes = new Notes();
  private final Mail mail = new Mail();

  @AfterEach
  void close() {
    executor.shutdownNow();
    app.close();
  }

  private final class Notes {
    void add(String text) {
      try {
        app.insert(text);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class Mail {
    private final List<String> sent = new CopyOnWriteArrayList<>();

    void send(String text) {
      sent.add(text);
    }
  }

  private void start(UnitOfWorkFilter filter, Web.Service service) throws Exception {
    app.web
        .context()
        .addEventListener(
            new ServletContextListener() {
              @Override
              public void contextInitialized(ServletContextEvent event) {
                register(event.getServletContext(), filter);
              }
            });
    app.web.servlet("/*", service).start();
  }

  private static void register(ServletContext context, UnitOfWorkFilter filter) {
    // snippet
    FilterRegistration.Dynamic registration = context.addFilter("unit-of-work", filter);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR),
        false,
        "/*");
    // end of snippet
  }

  @Test
  void whatIsHeld_streamed_andExcluded() throws Exception {
    // snippet
    UnitOfWorkFilter filter =
        UnitOfWorkFilter.builder(dataSource, resolver).hold(256 * 1024, 16 * 1024 * 1024).stream(
                request -> request.getRequestURI().startsWith("/export/"))
            .exclude("/static/*", "*.css")
            .build();
    // end of snippet
    start(
        filter,
        (request, response) -> {
          response.getOutputStream().write(new byte[200 * 1024]);
          response.flushBuffer();
        });
    for (String path : List.of("/", "/export/all", "/static/some.txt", "/some.css")) {
      assertThat(app.get(path).body()).hasSize(200 * 1024);
    }
  }

  @Test
  void aFailedLogin_thatIsCounted_isKept() throws Exception {
    // snippet
    UnitOfWorkFilter filter =
        UnitOfWorkFilter.builder(dataSource, resolver)
            .rollBackOn(status -> status >= 400 && status != 401)
            .build();
    // end of snippet
    start(
        filter,
        (request, response) -> {
          notes.add(request.getRequestURI());
          response.sendError(Integer.parseInt(request.getRequestURI().substring(1)));
        });
    for (int status : List.of(400, 401, 403, 500)) {
      assertThat(app.get("/" + status).status()).isEqualTo(status);
    }
    assertThat(app.stub.committed()).containsExactly("/401");
  }

  @Test
  void anotherThread_isGivenTheUnit_andAnActionWaitsForTheOutcome() throws Exception {
    start(
        UnitOfWorkFilter.builder(dataSource, resolver).build(),
        (request, response) -> {
          // snippet
          dataSource.current().onCommitted(() -> mail.send("Your order is in."));
          // end of snippet
          // snippet
          AsyncContext async = request.startAsync();
          executor.execute(
              dataSource
                  .current()
                  .handOver(
                      () -> {
                        notes.add("by another thread");
                        async.complete();
                      }));
          // end of snippet
        });
    assertThat(app.get("/").status()).isEqualTo(200);
    assertThat(app.stub.committed()).containsExactly("by another thread");
    await().untilAsserted(() -> assertThat(mail.sent).containsExactly("Your order is in."));
    assertThat(UnitOfWorkFilter.OUTCOME).isEqualTo("dev.headgate.outcome");
  }
}
