package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tenant of the session, and of the user who is logged in. */
class UserResolverTest {

  private final StubApp app = new StubApp();

  @AfterEach
  void close() {
    app.close();
  }

  private void start(TenantResolver resolver) throws Exception {
    app.web
        .filter(
            UnitOfWorkFilter.builder(app.dataSource, resolver).exclude("/login", "/logout").build())
        .servlet("/*", (request, response) -> app.insert("a"))
        .servlet("/login", (request, response) -> login(request))
        .servlet("/logout", (request, response) -> request.getSession().invalidate())
        .start();
  }

  private static void login(HttpServletRequest request) {
    String tenant = request.getParameter("tenant");
    Object value =
        switch (request.getParameter("as")) {
          case "tenant" -> TenantId.of(tenant);
          case "text" -> tenant;
          default -> Integer.valueOf(7);
        };
    request.getSession().setAttribute("tenant", value);
  }

  private String session(String query) {
    String cookie = app.web.get("/login?" + query).header("Set-Cookie");
    return "Cookie: " + cookie.split(";", 2)[0];
  }

  @ParameterizedTest
  @CsvSource({
    "as=tenant&tenant=acme, 200",
    "as=text&tenant=Acme, 200",
    "as=text&tenant=nobody, 404",
    "as=text&tenant=a.b, 400",
    "as=text&tenant=, 400",
    "as=number, 500",
  })
  void theAttributeOfTheSessionDecides(String login, int status) throws Exception {
    start(TenantResolver.sessionAttribute("tenant"));

    assertThat(app.web.get("/", session(login)).status()).isEqualTo(status);
    assertThat(app.stub.committed()).hasSize(status == 200 ? 1 : 0);
  }

  @Test
  void noSessionNamesNoTenantAndNoneIsMade() throws Exception {
    start(TenantResolver.sessionAttribute("tenant"));

    Answer answer = app.web.get("/");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.headers()).doesNotContainKey("Set-Cookie");
    assertThat(app.web.get("/", "Cookie: JSESSIONID=forged").status()).isEqualTo(400);
  }

  @Test
  void whoIsLoggedOutIsRefused() throws Exception {
    start(TenantResolver.sessionAttribute("tenant"));
    String session = session("as=text&tenant=acme");
    assertThat(app.web.get("/", session).status()).isEqualTo(200);

    assertThat(app.web.get("/logout", session).status()).isEqualTo(200);
    List<String> calls = app.stub.calls();

    assertThat(app.web.get("/", session).status()).isEqualTo(400);
    assertThat(app.stub.calls()).isEqualTo(calls);
  }

  @Test
  void aSessionWithoutTheAttributeNamesNoTenant() throws Exception {
    start(TenantResolver.sessionAttribute("other"));

    assertThat(app.web.get("/", session("as=text&tenant=acme")).status()).isEqualTo(400);
  }

  private static HttpServletRequest withSession(Supplier<Object> attribute) {
    Object session =
        Proxy.newProxyInstance(
            UserResolverTest.class.getClassLoader(),
            new Class<?>[] {HttpSession.class},
            (self, method, args) -> attribute.get());
    return Mocks.request().answers("getSession", session);
  }

  @Test
  void anAttributeOfAnotherTypeIsNamed() {
    assertThatThrownBy(() -> TenantResolver.sessionAttribute("who").resolve(withSession(() -> 7)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("session attribute who", "java.lang.Integer", "TenantId");
  }

  @Test
  void aSessionThatHasJustEndedNamesNoTenant() {
    HttpServletRequest request =
        withSession(
            () -> {
              throw new IllegalStateException("invalidated");
            });

    assertThat(TenantResolver.sessionAttribute("tenant").resolve(request)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void anAttributeWithoutANameIsRefused(String name) {
    assertThatThrownBy(() -> TenantResolver.sessionAttribute(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("session attribute is empty");
  }

  private static HttpServletRequest of(String user) {
    Principal principal = () -> user;
    return Mocks.request().answers("getUserPrincipal", principal);
  }

  private static HttpServletRequest ofNobody() {
    return Mocks.request().answers("getUserPrincipal", null);
  }

  @Test
  void theNameOfTheUserIsTheTenant() {
    assertThat(TenantResolver.principal().resolve(of("acme"))).contains(TenantId.of("acme"));
    assertThat(TenantResolver.principal().resolve(of("Acme"))).contains(TenantId.of("acme"));
  }

  @Test
  void whoIsNotLoggedInHasNoTenant() {
    assertThat(TenantResolver.principal().resolve(ofNobody())).isEmpty();
    assertThat(
            TenantResolver.principal(
                    user -> {
                      throw new AssertionError(user);
                    })
                .resolve(ofNobody()))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "alice@example.com", "a b", "../acme", "\u212Aate", "acme\u0000"})
  @NullSource
  void aUserWhoseNameIsNoTenantIsRefused(String user) {
    assertThatThrownBy(() -> TenantResolver.principal().resolve(of(user)))
        .isInstanceOf(InvalidTenantIdException.class);
  }

  @Test
  void aFunctionSaysWhoseUserItIs() {
    TenantResolver resolver =
        TenantResolver.principal(
            user ->
                user.getName().endsWith("@acme.example")
                    ? Optional.of(TenantId.of("acme"))
                    : Optional.empty());

    assertThat(resolver.resolve(of("alice@acme.example"))).contains(TenantId.of("acme"));
    assertThat(resolver.resolve(of("bob@globex.example"))).isEmpty();
  }

  @Test
  void aFunctionThatReturnsNullIsNamed() {
    assertThatThrownBy(() -> TenantResolver.principal(user -> null).resolve(of("alice")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("what a function says of the user")
        .hasMessageContaining("Optional.empty()");
  }

  @Test
  void noFunctionIsRefused() {
    assertThatThrownBy(() -> TenantResolver.principal(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("tenantOf");
  }
}
