package dev.headgate.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.faults.Fault;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ResourceServlet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tenant's segment is taken off the path: what the application then sees, in Jetty. */
class StrippedPathTest {

  private final StubApp app = new StubApp();

  @AfterEach
  void close() {
    app.close();
  }

  private Web filtered(DispatcherType... types) {
    return filtered(TenantResolver.strippedPathSegment(), types);
  }

  private Web filtered(TenantResolver resolver, DispatcherType... types) {
    return app.web.filter(UnitOfWorkFilter.builder(app.dataSource, resolver).build(), types);
  }

  /** Says which servlet it is, and what that sees of the path. */
  private Web.Service seen(String servlet) {
    return (request, response) -> {
      app.insert("a");
      response.setCharacterEncoding("UTF-8");
      response
          .getWriter()
          .print(
              "%s of %s: %s|%s|%s"
                  .formatted(
                      servlet,
                      app.dataSource.current().tenant(),
                      request.getRequestURI(),
                      request.getServletPath(),
                      request.getPathInfo()));
    };
  }

  private String get(String path) {
    Answer answer = app.web.get(path);
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.text();
  }

  @ParameterizedTest
  @CsvSource({
    "/acme/notes, notes of acme: /notes|/notes|null",
    "/ACME/notes, notes of acme: /notes|/notes|null",
    "/%61cme/n%6Ftes, notes of acme: /n%6Ftes|/notes|null",
    "/acme;jsessionid=1/notes, notes of acme: /notes|/notes|null",
    "/acme/notes;v=2, notes of acme: /notes;v=2|/notes|null",
    "/acme/files/a/b, files of acme: /files/a/b|/files|/a/b",
    "/acme/files/a%20b, files of acme: /files/a%20b|/files|/a b",
    "/acme/files/a+b, files of acme: /files/a+b|/files|/a+b",
    "/acme/files/m%C3%BCnchen, files of acme: /files/m%C3%BCnchen|/files|/münchen",
    "/acme/files/a%3Fb%23c%3Bd, files of acme: /files/a%3Fb%23c%3Bd|/files|/a?b#c;d",
    "/acme/files/, files of acme: /files/|/files|/",
    "/acme/acme, other of acme: /acme|/acme|null",
    "/acme/acme/notes, other of acme: /acme/notes|/acme/notes|null",
    "/acme/other/, other of acme: /other/|/other/|null",
    "/acme/about-web-inf, other of acme: /about-web-inf|/about-web-inf|null",
    "/acme/WEB-INFO/x, other of acme: /WEB-INFO/x|/WEB-INFO/x|null",
    "/acme, root of acme: /||/",
    "/acme/, root of acme: /||/",
    "/acme;v=2, root of acme: /||/",
  })
  void theServletIsThatOfTheRest(String path, String expected) throws Exception {
    filtered()
        .servlet("", seen("root"))
        .servlet("/notes", seen("notes"))
        .servlet("/files/*", seen("files"))
        .servlet("/", seen("other"))
        .start();

    assertThat(get(path)).isEqualTo(expected);
    assertThat(app.stub.committed()).containsExactly("a");
    app.assertNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({
    "/acme/notes, all of acme: /notes||/notes",
    "/acme, all of acme: /||/",
    "/acme/a/b/, all of acme: /a/b/||/a/b/",
  })
  void aServletForAllPathsSeesTheRest(String path, String expected) throws Exception {
    filtered().servlet("/*", seen("all")).start();

    assertThat(get(path)).isEqualTo(expected);
    assertThat(app.stub.committed()).containsExactly("a");
  }

  @ParameterizedTest
  @CsvSource({
    "/ctx/acme/notes, notes of acme: /ctx/notes|/notes|null",
    "/ctx/acme/ctx/notes, other of acme: /ctx/ctx/notes|/ctx/notes|null",
    "/ctx/acme, root of acme: /ctx/||/",
  })
  void theContextPathStays(String path, String expected) throws Exception {
    app.web.context().setContextPath("/ctx");
    filtered()
        .servlet("", seen("root"))
        .servlet("/notes", seen("notes"))
        .servlet("/", seen("other"))
        .start();

    assertThat(get(path)).isEqualTo(expected);
    assertThat(app.web.get("/ctx/").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAsyncDispatchToTheSamePathIsOneOfTheRest(boolean flushed) throws Exception {
    Web.Service notes = seen("notes");
    filtered(DispatcherType.REQUEST, DispatcherType.ASYNC)
        .servlet(
            "/notes",
            (request, response) -> {
              notes.service(request, response);
              if (request.getAttribute("started") == null) {
                request.setAttribute("started", true);
                if (flushed) {
                  response.flushBuffer();
                }
                request.startAsync().dispatch();
              }
            })
        .servlet("/", seen("other"))
        .start();

    assertThat(get("/acme/notes")).isEqualTo("notes of acme: /notes|/notes|null".repeat(2));
    assertThat(app.stub.committed()).containsExactly("a", "a");
    app.assertNothingLeft();
  }

  @Test
  void theQueryStringStays() throws Exception {
    filtered()
        .servlet(
            "/notes",
            (request, response) ->
                response
                    .getWriter()
                    .print(request.getQueryString() + "|" + request.getParameter("q")))
        .start();

    assertThat(get("/acme/notes?q=a%26b&x=%2F..%2FWEB-INF%2F"))
        .isEqualTo("q=a%26b&x=%2F..%2FWEB-INF%2F|a&b");
    assertThat(get("/acme/notes?")).isIn("|null", "null|null");
  }

  @Test
  void theBodyArrives() throws Exception {
    filtered()
        .servlet(
            "/form", (request, response) -> response.getWriter().print(request.getParameter("a")))
        .servlet(
            "/raw",
            (request, response) ->
                response
                    .getWriter()
                    .print(new String(request.getInputStream().readAllBytes(), UTF_8)))
        .start();

    assertThat(app.web.post("/acme/form?b=1", "a=one&c=2").text()).isEqualTo("one");
    assertThat(app.web.post("/acme/raw", "a=one&c=2").text()).isEqualTo("a=one&c=2");
  }

  @Test
  void theClientsPathIsInTheAttributesOfTheForward() throws Exception {
    filtered()
        .servlet(
            "/notes",
            (request, response) ->
                response
                    .getWriter()
                    .print(
                        request.getDispatcherType()
                            + " "
                            + request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI)))
        .start();

    assertThat(get("/acme/notes")).isEqualTo("FORWARD /acme/notes");
  }

  @Test
  void theApplicationForwardsAndIncludesAsBefore() throws Exception {
    filtered(DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.INCLUDE)
        .servlet("/target", seen("target"))
        .servlet(
            "/forward",
            (request, response) ->
                request.getRequestDispatcher("/target").forward(request, response))
        .servlet(
            "/include",
            (request, response) ->
                request.getRequestDispatcher("/target").include(request, response))
        .start();

    assertThat(get("/acme/forward")).isEqualTo("target of acme: /target|/target|null");
    assertThat(get("/acme/include")).startsWith("target of acme: ");
    assertThat(app.stub.committed()).hasSize(2);
    app.assertNothingLeft();
  }

  @Test
  void filesAreServedFromTheRest(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("style.css"), "body {}");
    app.web.context().setBaseResourceAsPath(folder);
    app.web.context().addServlet(ResourceServlet.class, "/files/*");
    app.web.context().setInitParameter("org.eclipse.jetty.servlet.Default.pathInfoOnly", "true");
    filtered().start();

    Answer style = app.web.get("/acme/files/style.css");
    assertThat(style.status()).isEqualTo(200);
    assertThat(style.text()).isEqualTo("body {}");
    assertThat(style.header("Content-Type")).startsWith("text/css");
    assertThat(app.web.get("/acme/files/missing.css").status()).isEqualTo(404);
  }

  @Test
  void filtersBehindRunOnTheRestIfTheyAreMappedForForwards() throws Exception {
    List<String> ran = Collections.synchronizedList(new ArrayList<>());
    app.web.filter(noting("in front", ran));
    filtered();
    app.web.filter(noting("behind", ran));
    app.web.filter(noting("behind, for forwards", ran), DispatcherType.FORWARD);
    app.web.servlet("/notes", seen("notes")).start();

    get("/acme/notes");

    assertThat(ran).containsExactly("in front /acme/notes", "behind, for forwards /notes");
  }

  private static Filter noting(String name, List<String> ran) {
    return (request, response, chain) -> {
      ran.add(name + " " + ((HttpServletRequest) request).getRequestURI());
      chain.doFilter(request, response);
    };
  }

  @Test
  void aCommitThatFailsAfterTheForwardIs500() throws Exception {
    filtered()
        .servlet(
            "/notes",
            (request, response) -> {
              app.insert("a");
              response.setHeader("Stored", "yes");
              response.getWriter().print("stored");
              response.flushBuffer();
            })
        .start();
    app.stub
        .arm(call -> call.startsWith("Connection.commit"), Fault.throwBefore(StrippedPathTest::no))
        .always();

    Answer answer = app.web.get("/acme/notes");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("Stored")).isNull();
    assertThat(answer.text()).doesNotContain("stored");
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  private static SQLException no() {
    return new SQLException("no", "23000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"throw", "error", "status"})
  void whatFailsBehindTheForwardIsRolledBack(String how) throws Exception {
    filtered().servlet("/notes", (request, response) -> fail(request, response)).start();

    Answer answer = app.web.get("/acme/notes?how=" + how);

    assertThat(answer.status()).isEqualTo(how.equals("throw") ? 500 : 409);
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  private void fail(HttpServletRequest request, HttpServletResponse response)
      throws IOException, SQLException {
    app.insert("a");
    switch (request.getParameter("how")) {
      case "throw" -> throw new IllegalStateException("no");
      case "error" -> response.sendError(409);
      default -> response.setStatus(409);
    }
  }

  @Test
  void anErrorPageIsNoTenantsPath() throws Exception {
    app.web.errorPage(500, "/error/page");
    filtered(DispatcherType.REQUEST, DispatcherType.ERROR)
        .servlet(
            "/notes",
            (request, response) -> {
              throw new IllegalStateException("no");
            })
        .servlet("/error/page", seen("page"))
        .start();

    Answer answer = app.web.get("/acme/notes");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).isEqualTo("page of acme: /error/page|/error/page|null");
  }

  @Test
  void anErrorPageForAnUnknownTenantIsNoTenantsPath() throws Exception {
    app.web.errorPage(404, "/error/page");
    filtered(DispatcherType.REQUEST, DispatcherType.ERROR)
        .servlet("/error/page", (request, response) -> response.getWriter().print("sorry"))
        .start();

    Answer answer = app.web.get("/nobody/notes");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).isEqualTo("sorry");
  }

  @Test
  void onlyTheResolverThatAnsweredTakesItsSegmentOff() throws Exception {
    filtered(
            TenantResolver.firstOf(
                TenantResolver.header("Tenant"), TenantResolver.strippedPathSegment()))
        .servlet("/notes", seen("notes"))
        .servlet("/", seen("other"))
        .start();

    assertThat(app.web.get("/acme/notes", "Tenant: acme").text())
        .isEqualTo("other of acme: /acme/notes|/acme/notes|null");
    assertThat(app.web.get("/acme/notes").text()).isEqualTo("notes of acme: /notes|/notes|null");
  }

  @Test
  void whatIsExcludedGoesByTheClientsPath() throws Exception {
    app.web
        .filter(
            UnitOfWorkFilter.builder(app.dataSource, TenantResolver.strippedPathSegment())
                .exclude("/health")
                .build())
        .servlet("/health", (request, response) -> response.getWriter().print("well"))
        .start();

    assertThat(get("/health")).isEqualTo("well");
    assertThat(app.web.get("/acme/health").text()).isEqualTo("well");
    assertThat(app.stub.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/, 400", "/nobody/notes, 404", "/a_b/notes, 400", "/a%00b/notes, 400", "/-, 400"})
  void aRequestWithoutAKnownTenantIsRefused(String path, int status) throws Exception {
    filtered().servlet("/*", seen("all")).start();

    assertThat(app.web.get(path).status()).isEqualTo(status);
    assertThat(app.stub.calls()).isEmpty();
  }
}
