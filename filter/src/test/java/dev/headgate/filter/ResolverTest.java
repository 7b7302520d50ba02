package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tenant a request names. */
class ResolverTest {

  private final StubApp app = new StubApp();

  @AfterEach
  void close() {
    app.close();
  }

  private static Optional<TenantId> ofHost(String domain, String host) {
    return TenantResolver.subdomainOf(domain)
        .resolve(Mocks.request().answers("getServerName", host));
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, acme.example.com",
    "example.com, ACME.Example.COM",
    "Example.COM, acme.example.com",
    "example.com, acme.example.com.",
    "localhost, acme.localhost",
    "localhost, acme.localhost.",
    "a.b.example.com, acme.a.b.example.com",
  })
  void theLabelBeforeTheDomainIsTheTenant(String domain, String host) {
    assertThat(ofHost(domain, host)).contains(TenantId.of("acme"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.com",
        "example.com.",
        "other.com",
        "acme.other.com",
        "acmeexample.com",
        "acme.example.com.evil.com",
        "127.0.0.1",
        "[::1]",
        "",
      })
  @NullSource
  void anotherHostNamesNoTenant(String host) {
    assertThat(ofHost("example.com", host)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two.labels.example.com",
        "acme.example.com..",
        "acme.example.com:80",
        "acme.example.com@evil.com",
        "acme.\u0130.com",
        "::1",
        ".",
        ".example.com",
        "..example.com",
        "-acme.example.com",
        "acme-.example.com",
        "a_b.example.com",
        "a%2fb.example.com",
        "münchen.example.com",
        "\u212Aate.example.com",
        "\u0130.example.com",
        " acme.example.com",
        "acme\u0000.example.com",
        "a123456789012345678901234567890123456789012345678901234567890123.example.com",
      })
  void aMalformedLabelIsRefused(String host) {
    assertThatThrownBy(() -> ofHost("example.com", host))
        .isInstanceOf(InvalidTenantIdException.class)
        .message()
        .doesNotContain(host.length() > 1 ? host : "\0");
  }

  @Test
  void anInternationalLabelGoesByItsAsciiForm() {
    assertThat(ofHost("example.com", "xn--mnchen-3ya.example.com"))
        .contains(TenantId.of("xn--mnchen-3ya"));
  }

  @Test
  void theLongestLabelIsATenant() {
    assertThat(ofHost("example.com", "a".repeat(63) + ".example.com"))
        .contains(TenantId.of("a".repeat(63)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        ".example.com",
        "example.com.",
        "*.example.com",
        "localhost:8080",
        "http://example.com",
        "a..b",
        "exa mple.com"
      })
  void aDomainThatCanNeverMatchIsRefused(String domain) {
    assertThatThrownBy(() -> TenantResolver.subdomainOf(domain))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + domain + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "acme.localhost, 200",
    "acme.localhost:8080, 200",
    "ACME.LOCALHOST, 200",
    "acme.localhost.:80, 200",
    "nobody.localhost, 404",
    "localhost, 400",
    "localhost:8080, 400",
    "127.0.0.1, 400",
    "[::1]:8080, 400",
    "a.acme.localhost, 400",
    "-.localhost, 400",
    ".localhost, 400",
    "a_b.localhost, 400",
    "münchen.localhost, 400",
  })
  void theHostHeaderDecides(String host, int status) throws Exception {
    app.web
        .filter(
            UnitOfWorkFilter.builder(app.dataSource, TenantResolver.subdomainOf("localhost"))
                .build())
        .servlet("/*", (request, response) -> app.insert("a"))
        .start();

    assertThat(app.web.get("/", "Host: " + host).status()).isEqualTo(status);
    assertThat(app.stub.committed()).hasSize(status == 200 ? 1 : 0);
  }

  @Test
  void capitalsBeyondAsciiAreNoneOfTheDomain() {
    assertThatThrownBy(() -> ofHost("kiosk.example", "acme.\u212Aios\u212A.example"))
        .isInstanceOf(InvalidTenantIdException.class);
  }

  private static Optional<TenantId> ofHeader(String... values) {
    HttpServletRequest request =
        Mocks.request().answers("getHeaders", Collections.enumeration(List.of(values)));
    return TenantResolver.header("Tenant").resolve(request);
  }

  @Test
  void aHeaderIsTheTenant() {
    assertThat(ofHeader("acme")).contains(TenantId.of("acme"));
    assertThat(ofHeader("Acme")).contains(TenantId.of("acme"));
  }

  @Test
  void noHeaderNamesNoTenant() {
    assertThat(ofHeader()).isEmpty();
    assertThat(TenantResolver.header("X").resolve(Mocks.request().answers("getHeaders", null)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "acme,globex", "acme, acme", "a.b", "../acme", "-", "\u212Aate"})
  void aMalformedHeaderIsRefused(String value) {
    assertThatThrownBy(() -> ofHeader(value)).isInstanceOf(InvalidTenantIdException.class);
  }

  @Test
  void aHeaderThatIsThereTwiceIsRefused() {
    assertThatThrownBy(() -> ofHeader("acme", "globex"))
        .isInstanceOf(InvalidTenantIdException.class);
    assertThatThrownBy(() -> ofHeader("acme", "acme")).isInstanceOf(InvalidTenantIdException.class);
  }

  @Test
  void twoHeadersOverHttpAre400() throws Exception {
    app.start((request, response) -> app.insert("a"));

    assertThat(app.get("/", "Tenant: acme").status()).isEqualTo(400);
    assertThat(app.stub.committed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void aHeaderWithoutANameIsRefused(String name) {
    assertThatThrownBy(() -> TenantResolver.header(name))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLambdaIsAResolver() throws Exception {
    TenantResolver resolver =
        request -> Optional.ofNullable(request.getParameter("tenant")).map(TenantId::of);
    app.web
        .filter(UnitOfWorkFilter.builder(app.dataSource, resolver).build())
        .servlet("/*", (request, response) -> app.insert("a"))
        .start();

    assertThat(app.web.get("/?tenant=acme").status()).isEqualTo(200);
    assertThat(app.web.get("/?tenant=a.b").status()).isEqualTo(400);
    assertThat(app.web.get("/").status()).isEqualTo(400);
    assertThat(app.stub.committed()).containsExactly("a");
  }

  @Test
  void aResolverThatFailsIs500() throws Exception {
    TenantResolver resolver =
        request -> {
          throw new IllegalStateException("bug");
        };
    app.web
        .filter(UnitOfWorkFilter.builder(app.dataSource, resolver).build())
        .servlet("/*", (request, response) -> app.insert("a"))
        .start();

    assertThat(app.web.get("/").status()).isEqualTo(500);
    assertThat(app.stub.calls()).isEmpty();
  }

  @Test
  void aResolverThatReturnsNullIs500AndNamed() throws Exception {
    TenantResolver resolver = request -> null;
    UnitOfWorkFilter filter = UnitOfWorkFilter.builder(app.dataSource, resolver).build();
    filter.init(Mocks.config());

    assertThatThrownBy(
            () ->
                filter.doFilter(
                    Mocks.request(),
                    Mocks.response(),
                    (request, response) -> {
                      throw new AssertionError();
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(resolver.toString())
        .hasMessageContaining("Optional.empty()");
    assertThat(app.stub.calls()).isEmpty();
  }

  @Test
  void resolversSayWhatTheyDo() {
    assertThat(TenantResolver.subdomainOf("Example.com"))
        .hasToString("the label before Example.com in the host name");
    assertThat(TenantResolver.header("X-Tenant")).hasToString("the header X-Tenant");
  }
}
