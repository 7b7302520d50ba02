package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that need no tenant have none. */
class ExcludeTest {

  private final StubApp app = new StubApp();

  @AfterEach
  void close() {
    app.close();
  }

  private String current() {
    try {
      return "unit of " + app.dataSource.current().tenant();
    } catch (IllegalStateException e) {
      return "no unit";
    }
  }

  @Test
  void patternsAndPredicatesLeaveRequestsOut() throws Exception {
    app.filter(
            filter ->
                filter
                    .exclude("/health", "/static/*")
                    .exclude("*.css")
                    .exclude(request -> request.getHeader("Probe") != null))
        .start((request, response) -> response.getWriter().print(current()));

    assertThat(app.web.get("/health").text()).isEqualTo("no unit");
    assertThat(app.web.get("/health?a=b").text()).isEqualTo("no unit");
    assertThat(app.web.get("/static/a.png").text()).isEqualTo("no unit");
    assertThat(app.web.get("/a/b.css;v=1").text()).isEqualTo("no unit");
    assertThat(app.web.get("/notes", "Probe: 1").text()).isEqualTo("no unit");
    assertThat(app.get("/static/a.png").text()).isEqualTo("no unit");
    assertThat(app.get("/notes").text()).isEqualTo("unit of acme");
    assertThat(app.web.get("/notes").status()).isEqualTo(400);
  }

  @Test
  void aPathThatOnlyLooksExcludedIsNot() throws Exception {
    app.filter(filter -> filter.exclude("/static/*"))
        .start((request, response) -> response.getWriter().print(current()));

    assertThat(app.get("/static/../notes").text()).isEqualTo("unit of acme");
    assertThat(app.get("/static/%2e%2e/notes").text()).isNotEqualTo("no unit");
    assertThat(app.get("/notes;/static/").text()).isEqualTo("unit of acme");
    assertThat(app.get("/notes?/static/").text()).isEqualTo("unit of acme");
    assertThat(app.get("/%73tatic/a").text()).isEqualTo("no unit");
  }

  @Test
  void whatAnExcludedRequestAnswersIsNotHeld() throws Exception {
    app.filter(filter -> filter.exclude("/large"))
        .start((request, response) -> response.getOutputStream().write(new byte[1_000_000]));

    assertThat(app.web.get("/large").body()).hasSize(1_000_000);
  }

  @Test
  void aPatternOfAnotherFormIsRefusedAtOnce() {
    UnitOfWorkFilter.Builder builder =
        UnitOfWorkFilter.builder(app.dataSource, TenantResolver.header("Tenant"));

    assertThatThrownBy(() -> builder.exclude("/a", "health"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"health\"");
  }
}
