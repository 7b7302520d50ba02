package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.pool.Database;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may have the tenant that the request names. */
class TenantAccessTest {

  private final StubApp app = new StubApp();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private RoutingDataSource dataSource;

  @AfterEach
  void close() {
    app.close();
    if (dataSource != null) {
      dataSource.close();
    }
  }

  /** An application of acme and globex, whose directory notes what it is asked. */
  private void start(UnaryOperator<UnitOfWorkFilter.Builder> setup, DispatcherType... types)
      throws Exception {
    Database database = Database.of(app.stub.url());
    dataSource =
        RoutingDataSource.builder(
                tenant -> {
                  asked.add("directory: " + tenant);
                  return List.of("acme", "globex").contains(tenant.value())
                      ? Optional.of(database)
                      : Optional.empty();
                })
            .build();
    app.web
        .filter(
            setup
                .apply(
                    UnitOfWorkFilter.builder(dataSource, TenantResolver.subdomainOf("localhost")))
                .build(),
            types)
        .servlet("/error", (request, response) -> response.getWriter().print("an error page"))
        .servlet(
            "/login",
            (request, response) ->
                request.getSession().setAttribute("tenant", request.getParameter("tenant")))
        .servlet("/fails", (request, response) -> response.sendError(500))
        .servlet(
            "/*",
            (request, response) -> dataSource.getConnection().createStatement().execute("INSERT a"))
        .start();
  }

  private Answer get(String tenant, String... headers) {
    String[] all = new String[headers.length + 1];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = "Host: " + tenant + ".localhost";
    return app.web.get("/", all);
  }

  private TenantAccess only(String allowed) {
    return (request, tenant) -> {
      asked.add("access: " + tenant);
      return tenant.value().equals(allowed);
    };
  }

  @Test
  void whoIsAllowedIsServed() throws Exception {
    start(builder -> builder.access(only("acme")));

    assertThat(get("acme").status()).isEqualTo(200);
    assertThat(app.stub.committed()).containsExactly("a");
    assertThat(asked).containsExactly("access: acme", "directory: acme");
  }

  @Test
  void refusedIsAsUnknown_forTenantsThatAreThereAndOthers() throws Exception {
    start(builder -> builder.access(only("acme")));

    Answer known = get("globex");
    Answer unknown = get("nobody");

    assertThat(known.status()).isEqualTo(404);
    assertSame(known, unknown);
    assertThat(asked).containsExactly("access: globex", "access: nobody");
    assertThat(app.stub.calls()).isEmpty();
  }

  @Test
  void refusedIsAsATenantThatTheDirectoryDoesNotKnow() throws Exception {
    start(builder -> builder.access((request, tenant) -> !tenant.value().equals("globex")));

    assertSame(get("globex"), get("nobody"));
    assertThat(asked).containsExactly("directory: nobody");
  }

  @Test
  void refusedIsAsUnknown_withAnErrorPage() throws Exception {
    app.web.errorPage(404, "/error");
    start(
        builder -> builder.access((request, tenant) -> !tenant.value().equals("globex")),
        DispatcherType.REQUEST,
        DispatcherType.ERROR);

    Answer refused = get("globex");

    assertThat(refused.text()).isEqualTo("an error page");
    assertSame(refused, get("nobody"));
  }

  private static void assertSame(Answer one, Answer other) {
    assertThat(one.status()).isEqualTo(other.status());
    assertThat(withoutHost(one)).isEqualTo(withoutHost(other));
    assertThat(withoutDate(one)).isEqualTo(withoutDate(other));
  }

  /** Jetty's page repeats the URL. */
  private static String withoutHost(Answer answer) {
    return answer.text().replaceAll("(globex|nobody)\\.localhost", "…");
  }

  private static Map<String, List<String>> withoutDate(Answer answer) {
    Map<String, List<String>> headers = new TreeMap<>(answer.headers());
    headers.remove("Date");
    return headers;
  }

  @Test
  void refusedMayBe403_alsoForTenantsThatAreNotThere() throws Exception {
    start(builder -> builder.access(only("acme")).refuseWith(403));

    Answer known = get("globex");

    assertThat(known.status()).isEqualTo(403);
    assertSame(known, get("nobody"));
    assertThat(app.stub.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 302, 400, 401, 500, 0})
  void anotherStatusIsRefused(int status) {
    assertThatThrownBy(
            () ->
                UnitOfWorkFilter.builder(app.dataSource, TenantResolver.header("X"))
                    .refuseWith(status))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("status " + status);
  }

  @Test
  void severalRulesAllHaveToAllowIt() throws Exception {
    start(
        builder ->
            builder
                .access(only("acme"))
                .refuseWith(HttpServletResponse.SC_FORBIDDEN)
                .access((request, tenant) -> request.getHeader("Role") != null));

    assertThat(get("acme").status()).isEqualTo(403);
    assertThat(get("globex", "Role: any").status()).isEqualTo(403);
    assertThat(get("acme", "Role: any").status()).isEqualTo(200);
  }

  @Test
  void aRuleThatFailsIs500() throws Exception {
    start(
        builder ->
            builder.access(
                (request, tenant) -> {
                  throw new IllegalStateException("bug");
                }));

    assertThat(get("acme").status()).isEqualTo(500);
    assertThat(asked).isEmpty();
  }

  @Test
  void anErrorPageOfARequestThatWasAllowed_isNotAskedAgain() throws Exception {
    app.web.errorPage(500, "/error");
    start(builder -> builder.access(only("acme")), DispatcherType.REQUEST, DispatcherType.ERROR);

    Answer answer = app.web.get("/fails", "Host: acme.localhost");

    assertThat(answer.text()).isEqualTo("an error page");
    assertThat(asked).containsOnlyOnce("access: acme");
  }

  @Test
  void whatIsExcludedIsNotAsked() throws Exception {
    start(builder -> builder.access(only("nobody")).exclude("/login"));

    assertThat(app.web.get("/login", "Host: acme.localhost").status()).isEqualTo(200);
    assertThat(asked).isEmpty();
  }

  @Test
  void aSessionOfOneTenantOnTheHostOfAnother_isRefused() throws Exception {
    start(
        builder ->
            builder
                .access(TenantAccess.sameAs(TenantResolver.sessionAttribute("tenant")))
                .exclude("/login"));
    String cookie = app.web.get("/login?tenant=Acme", "Host: acme.localhost").header("Set-Cookie");
    String session = "Cookie: " + cookie.split(";", 2)[0];

    assertThat(get("acme", session).status()).isEqualTo(200);
    int committed = app.stub.committed().size();
    Answer refused = get("globex", session);
    assertThat(refused.status()).isEqualTo(404);
    assertThat(app.stub.committed()).hasSize(committed);
    assertThat(get("globex").status()).isEqualTo(200);
    assertSame(refused, get("nobody"));
    assertThat(asked).doesNotContain("access: globex");
  }

  @Test
  void aMalformedTenantOfTheSession_is400() throws Exception {
    start(builder -> builder.access(TenantAccess.sameAs(TenantResolver.header("Tenant"))));

    assertThat(get("acme", "Tenant: a b").status()).isEqualTo(400);
    assertThat(asked).isEmpty();
  }

  @Test
  void theRuleNeedsAResolver_andSaysWhatItAsks() {
    assertThatThrownBy(() -> TenantAccess.sameAs(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(
            () ->
                TenantAccess.sameAs(request -> null)
                    .isAllowed(Mocks.request(), TenantId.of("acme")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(TenantAccess.sameAs(TenantResolver.sessionAttribute("tenant")))
        .hasToString("the same tenant, or none, from the session attribute tenant");
  }
}
