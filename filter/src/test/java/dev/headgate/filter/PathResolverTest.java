package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first segment of the path is the tenant. */
class PathResolverTest {

  private final StubApp app = new StubApp();

  @AfterEach
  void close() {
    app.close();
  }

  private static Optional<TenantId> ofPath(String servletPath, String pathInfo) {
    String uri = pathInfo == null ? servletPath : servletPath + pathInfo;
    return ofPath(uri, servletPath, pathInfo);
  }

  private static Optional<TenantId> ofPath(String uri, String servletPath, String pathInfo) {
    return TenantResolver.pathSegment()
        .resolve(
            Mocks.request()
                .answers("getContextPath", "/ctx")
                .answers("getRequestURI", "/ctx" + uri)
                .answers("getServletPath", servletPath)
                .answers("getPathInfo", pathInfo));
  }

  @ParameterizedTest
  @CsvSource({
    "/acme, ",
    "/acme/, ",
    "/acme/notes, ",
    "/Acme, /notes",
    "/acme, /notes/globex",
    "'', /acme/notes",
  })
  void theFirstSegmentIsTheTenant(String servletPath, String pathInfo) {
    assertThat(ofPath(servletPath, pathInfo)).contains(TenantId.of("acme"));
  }

  @ParameterizedTest
  @CsvSource({"'', ", "'', /", "/, "})
  void theRootNamesNoTenant(String servletPath, String pathInfo) {
    assertThat(ofPath(servletPath, pathInfo)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/index.jsp", "/acme"})
  void theRootNamesNoTenantIfItIsAWelcomeFileToo(String welcome) {
    assertThat(ofPath("/", welcome, null)).isEmpty();
    assertThat(ofPath("/acme/", "/acme" + welcome, null)).contains(TenantId.of("acme"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a_b/notes",
        "/favicon.ico",
        "/../acme",
        "/./acme",
        "/ acme",
        "/acme\u0000/notes",
        "/acme;x/notes",
        "/a%63me/notes",
        "/\u212Aate/notes",
        "/WEB-INF./x",
        "/-/notes"
      })
  void aMalformedSegmentIsRefused(String path) {
    assertThatThrownBy(() -> ofPath(path, null)).isInstanceOf(InvalidTenantIdException.class);
  }

  @Test
  void aVeryLongSegmentIsRefused() {
    assertThatThrownBy(() -> ofPath("/" + "a".repeat(1_000_000), null))
        .isInstanceOf(InvalidTenantIdException.class)
        .hasMessageContaining("1000000");
  }

  @ParameterizedTest
  @CsvSource({
    "/ctx/acme/notes?q=1, 200, /ctx/acme/notes",
    "/ctx/%61cme/notes, 200, /ctx/%61cme/notes",
    "/ctx/acme, 200, /ctx/acme",
    "/ctx/nobody/notes, 404, ",
    "/ctx/a_b/notes, 400, ",
    "/ctx/, 400, ",
    "/ctx//acme/notes, 400, ",
  })
  void theApplicationSeesThePathAsItIs(String path, int status, String seen) throws Exception {
    app.web.context().setContextPath("/ctx");
    app.web
        .filter(UnitOfWorkFilter.builder(app.dataSource, TenantResolver.pathSegment()).build())
        .servlet(
            "/*",
            (request, response) -> {
              app.insert("a");
              response.getWriter().print(request.getRequestURI());
            })
        .start();

    Answer answer = app.web.get(path);

    assertThat(answer.status()).isEqualTo(status);
    if (status == 200) {
      assertThat(answer.text()).isEqualTo(seen);
      assertThat(app.stub.committed()).containsExactly("a");
    } else {
      assertThat(app.stub.calls()).isEmpty();
    }
  }
}
