package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What docs/resolvers.md shows: its Java runs; that it is here word for word, {@link DocumentsTest}
 * says.
 */
class ResolverSnippetsTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "resolvers.md");
  private static final Pattern XML = Pattern.compile("```xml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern IN_WEB_XML = Pattern.compile("(?m)^In a `web.xml`: (.*)\\.$");
  private static final Pattern PARAM = Pattern.compile("`([^`]+)` = `([^`]+)`");

  private static List<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.group(1).stripIndent().strip())
        .toList();
  }

  @Test
  void theLogin_isThatOfTheContainersTests() throws IOException {
    String contract =
        Files.readString(
            Path.of(
                "../containers/suite/src/main/java/dev/headgate/containers/LoginContract.java"));
    List<String> blocks = found(XML, Files.readString(DOCUMENT));

    assertThat(blocks).hasSize(1);
    assertThat(lines(contract)).containsSubsequence(lines(blocks.get(0)));
  }

  private static List<String> lines(String text) {
    return text.lines().map(String::strip).toList();
  }

  @Test
  void everyResolverInAWebXml_isMade() throws IOException {
    List<String> resolvers = found(IN_WEB_XML, Files.readString(DOCUMENT));

    assertThat(resolvers).hasSize(11);
    for (String resolver : resolvers) {
      Map<InitParam, String> values = new EnumMap<>(InitParam.class);
      for (MatchResult param : PARAM.matcher(resolver).results().toList()) {
        values.put(InitParam.named(param.group(1)).orElseThrow(), param.group(2));
      }
      assertThat(new ResolverParams(values).resolver()).as(resolver).isNotNull();
    }
  }

  private static Mocks.Request of(String host) {
    return Mocks.request().answers("getServerName", host);
  }

  private static HttpServletRequest ofUser(String name) {
    Principal user = () -> name;
    return of("globex.example.com").answers("getUserPrincipal", user);
  }

  private static Optional<TenantId> tenant(String name) {
    return Optional.of(TenantId.of(name));
  }

  @Test
  void subdomain() {
    // snippet
    TenantResolver resolver = TenantResolver.subdomainOf("example.com");
    // end of snippet
    assertThat(resolver.resolve(of("acme.example.com"))).isEqualTo(tenant("acme"));
  }

  @Test
  void hosts() {
    // snippet
    TenantResolver resolver =
        TenantResolver.hosts(Map.of("www.acme.example", "acme", "shop.example", "globex"));
    // end of snippet
    assertThat(resolver.resolve(of("shop.example"))).isEqualTo(tenant("globex"));
  }

  @Test
  void host() {
    Map<String, String> domains = Map.of("shop.example", "globex");
    // snippet
    TenantResolver resolver =
        TenantResolver.host(host -> Optional.ofNullable(domains.get(host)).map(TenantId::of));
    // end of snippet
    assertThat(resolver.resolve(of("Shop.example."))).isEqualTo(tenant("globex"));
  }

  @Test
  void header() {
    // snippet
    TenantResolver resolver = TenantResolver.header("X-Tenant");
    // end of snippet
    assertThat(
            resolver.resolve(
                Mocks.request().answers("getHeaders", Collections.enumeration(List.of("acme")))))
        .isEqualTo(tenant("acme"));
  }

  private static HttpServletRequest ofPath(String path) {
    return Mocks.request()
        .answers("getContextPath", "")
        .answers("getRequestURI", path)
        .answers("getServletPath", path)
        .answers("getPathInfo", null);
  }

  @Test
  void path() {
    // snippet
    TenantResolver resolver = TenantResolver.pathSegment();
    // end of snippet
    assertThat(resolver.resolve(ofPath("/acme/notes"))).isEqualTo(tenant("acme"));
  }

  @Test
  void strippedPath() throws Exception {
    // snippet
    TenantResolver resolver = TenantResolver.strippedPathSegment();
    // end of snippet
    try (StubApp app = new StubApp()) {
      RoutingDataSource dataSource = app.dataSource;
      app.web.context().setContextPath("/ctx");
      app.web.context().addServletContainerInitializer((classes, context) -> addFilter(context));
      app.web
          .filter(UnitOfWorkFilter.builder(dataSource, resolver).build())
          .servlet(
              "/notes",
              (request, response) -> {
                // snippet
                String home = request.getContextPath() + "/" + dataSource.current().tenant() + "/";
                // end of snippet
                response.getWriter().print(home);
              })
          .start();

      Answer answer = app.web.get("/ctx/acme/notes");

      assertThat(answer.text()).isEqualTo("/ctx/acme/");
      assertThat(answer.header("Audited")).isEqualTo("/ctx/notes");
    }
  }

  private static void addFilter(ServletContext context) {
    Filter audit =
        (request, response, chain) -> {
          String path = ((HttpServletRequest) request).getRequestURI();
          ((HttpServletResponse) response).setHeader("Audited", path);
          chain.doFilter(request, response);
        };
    // snippet
    context
        .addFilter("audit", audit)
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.FORWARD), true, "/*");
    // end of snippet
  }

  @Test
  void session() {
    // snippet
    TenantResolver resolver = TenantResolver.sessionAttribute("tenant");
    // end of snippet
    HttpSession session =
        (HttpSession)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpSession.class},
                (self, method, args) -> args[0].equals("tenant") ? "acme" : null);
    assertThat(resolver.resolve(Mocks.request().answers("getSession", session)))
        .isEqualTo(tenant("acme"));
  }

  @Test
  void principal() {
    // snippet
    TenantResolver resolver = TenantResolver.principal();
    // end of snippet
    assertThat(resolver.resolve(ofUser("acme"))).isEqualTo(tenant("acme"));
  }

  @Test
  void tenantOfAPrincipal() {
    Map<String, String> customers = Map.of("alice", "acme");
    // snippet
    TenantResolver resolver =
        TenantResolver.principal(
            user -> Optional.ofNullable(customers.get(user.getName())).map(TenantId::of));
    // end of snippet
    assertThat(resolver.resolve(ofUser("alice"))).isEqualTo(tenant("acme"));
    assertThat(resolver.resolve(ofUser("bob"))).isEmpty();
  }

  @Test
  void fixed() {
    // snippet
    TenantResolver resolver = TenantResolver.fixed(TenantId.of("acme"));
    // end of snippet
    assertThat(resolver.resolve(Mocks.request())).isEqualTo(tenant("acme"));
  }

  @Test
  void firstOf() {
    // snippet
    TenantResolver resolver =
        TenantResolver.firstOf(
            TenantResolver.principal(), TenantResolver.subdomainOf("example.com"));
    // end of snippet
    assertThat(resolver.resolve(ofUser("acme"))).isEqualTo(tenant("acme"));
    assertThat(resolver.resolve(of("globex.example.com").answers("getUserPrincipal", null)))
        .isEqualTo(tenant("globex"));
  }

  @Test
  void allAgree() {
    // snippet
    TenantResolver resolver =
        TenantResolver.allAgree(
            TenantResolver.subdomainOf("example.com"), TenantResolver.header("X-Tenant"));
    // end of snippet
    assertThat(resolver.resolve(of("acme.example.com").header("X-Tenant", "acme")))
        .isEqualTo(tenant("acme"));
  }

  @Test
  void behindProxy() {
    // snippet
    TenantResolver resolver =
        TenantResolver.behindProxy(
            TenantResolver.subdomainOf("example.com"), "X-Forwarded-Host", "10.0.0.0/8");
    // end of snippet
    assertThat(
            resolver.resolve(
                of("app-1.internal")
                    .answers("getRemoteAddr", "10.1.2.3")
                    .header("X-Forwarded-Host", "acme.example.com")))
        .isEqualTo(tenant("acme"));
  }

  @Test
  void access() throws Exception {
    try (StubApp app = new StubApp()) {
      RoutingDataSource dataSource = app.dataSource;
      TenantResolver resolver = TenantResolver.header("Tenant");
      // snippet
      UnitOfWorkFilter filter =
          UnitOfWorkFilter.builder(dataSource, resolver)
              .access((request, tenant) -> request.isUserInRole(tenant.value()))
              .build();
      // end of snippet
      app.web.filter(filter).servlet("/*", (request, response) -> {}).start();

      assertThat(app.get("/").status()).isEqualTo(404);
    }
  }

  @Test
  void sameAs() {
    // snippet
    TenantAccess access = TenantAccess.sameAs(TenantResolver.sessionAttribute("tenant"));
    // end of snippet
    assertThat(access.isAllowed(Mocks.request().answers("getSession", null), TenantId.of("acme")))
        .isTrue();
  }

  @Test
  void lambda() {
    // snippet
    TenantResolver byHost = TenantResolver.subdomainOf("example.com");
    TenantResolver resolver =
        request -> byHost.resolve(request).filter(tenant -> request.isUserInRole(tenant.value()));
    // end of snippet
    assertThat(resolver.resolve(of("acme.example.com").answers("isUserInRole", true)))
        .isEqualTo(tenant("acme"));
    assertThat(resolver.resolve(of("acme.example.com").answers("isUserInRole", false))).isEmpty();
  }
}
