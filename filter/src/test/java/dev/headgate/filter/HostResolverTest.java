package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tenant of the whole host name. */
class HostResolverTest {

  private final StubApp app = new StubApp();

  @AfterEach
  void close() {
    app.close();
  }

  private static Optional<TenantId> resolve(TenantResolver resolver, String host) {
    return resolver.resolve(Mocks.request().answers("getServerName", host));
  }

  private static Optional<TenantId> known(String host) {
    return resolve(
        TenantResolver.hosts(
            Map.of("www.Acme.example", "ACME", "kate.example", "globex", "[::1]", "local")),
        host);
  }

  @ParameterizedTest
  @CsvSource({
    "www.acme.example, acme",
    "WWW.ACME.EXAMPLE, acme",
    "www.acme.example., acme",
    "kate.example, globex",
    "[::1], local",
  })
  void aKnownHostNamesItsTenant(String host, String tenant) {
    assertThat(known(host)).contains(TenantId.of(tenant));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme.example",
        "evil.www.acme.example",
        "www.acme.example.evil.example",
        "127.0.0.1",
        "[::2]",
        "",
      })
  @NullSource
  void anotherHostNamesNoTenant(String host) {
    assertThat(known(host)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "www.acme.example..",
        ".www.acme.example",
        "www..acme.example",
        "www.acme.example:80",
        "www.acme.example\u0000",
        "www.acme.example\n",
        "www%2eacme.example",
        "www.acme.example@evil.example",
        "\u212Aate.example",
        "ｗｗｗ.acme.example",
        "::1",
        "[]",
        "[::1",
        "[::1].example",
        "a234567890123456789012345678901234567890123456789012345678901234.example",
        ".",
        "*",
      })
  void whatIsNoHostNameIsMalformed(String host) {
    assertThatThrownBy(() -> known(host))
        .isInstanceOf(InvalidTenantIdException.class)
        .message()
        .doesNotContain(host.length() > 2 ? host : "\0");
  }

  @Test
  void severalHostHeadersAreMalformed() {
    Mocks.Request request =
        Mocks.request()
            .answers("getServerName", "kate.example")
            .answers(
                "getHeaders", Collections.enumeration(List.of("kate.example", "kate.example")));
    TenantResolver resolver = TenantResolver.hosts(Map.of("kate.example", "globex"));

    assertThatThrownBy(() -> resolver.resolve(request))
        .isInstanceOf(InvalidTenantIdException.class)
        .hasMessageContaining("several Host headers");
  }

  @ParameterizedTest
  @CsvSource({
    "Shop.Example, shop.example",
    "shop.example., shop.example",
    "[2001:DB8::1], [2001:db8::1]",
    "192.0.2.1, 192.0.2.1",
    "LOCALHOST, localhost",
  })
  void theFunctionGetsTheCanonicalName(String host, String expected) {
    AtomicReference<String> got = new AtomicReference<>();
    TenantResolver resolver =
        TenantResolver.host(
            name -> {
              got.set(name);
              return Optional.of(TenantId.of("acme"));
            });

    assertThat(resolve(resolver, host)).contains(TenantId.of("acme"));
    assertThat(got).hasValue(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "a..b", "\u212Aate.example", "a b", "a\u0000", "a:80", "[::1%25lo]"})
  void theFunctionDoesNotGetWhatIsNoHostName(String host) {
    TenantResolver resolver =
        TenantResolver.host(
            name -> {
              throw new AssertionError(name);
            });

    assertThat(resolve(resolver, null)).isEmpty();
    assertThatThrownBy(() -> resolve(resolver, host)).isInstanceOf(InvalidTenantIdException.class);
    assertThatThrownBy(() -> resolve(resolver, "a.".repeat(100_000) + "example"))
        .isInstanceOf(InvalidTenantIdException.class);
  }

  @Test
  void aFunctionThatReturnsNullIsNamed() {
    assertThatThrownBy(() -> resolve(TenantResolver.host(name -> null), "shop.example"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("what a function says of the host name")
        .hasMessageContaining("Optional.empty()");
  }

  @Test
  void noFunctionIsRefused() {
    assertThatThrownBy(() -> TenantResolver.host(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("tenantOf");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "*.example.com",
        "http://example.com",
        "example.com:80",
        "example.com.",
        ".example.com",
        "a..b",
        "::1",
        "münchen.example",
        "\u212Aate.example",
        "a b"
      })
  @NullSource
  void aHostThatCanNeverMatchIsRefused(String host) {
    assertThatThrownBy(() -> TenantResolver.hosts(Collections.singletonMap(host, "acme")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("host \"" + host + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "-", "../acme"})
  @NullSource
  void aMalformedTenantIsRefusedWithItsHost(String tenant) {
    assertThatThrownBy(() -> TenantResolver.hosts(Collections.singletonMap("a.example", tenant)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("host \"a.example\", tenant \"" + tenant + "\": a tenant identifier");
  }

  @Test
  void aHostInTwoSpellingsIsRefused() {
    Map<String, String> hosts = new LinkedHashMap<>();
    hosts.put("shop.example", "acme");
    hosts.put("Shop.example", "globex");

    assertThatThrownBy(() -> TenantResolver.hosts(hosts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("host \"Shop.example\" is there twice");
  }

  @Test
  void noHostsAreRefused() {
    assertThatThrownBy(() -> TenantResolver.hosts(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no host");
  }

  @Test
  void laterChangesOfTheMapChangeNothing() {
    Map<String, String> hosts = new LinkedHashMap<>(Map.of("shop.example", "acme"));
    TenantResolver resolver = TenantResolver.hosts(hosts);
    hosts.put("shop.example", "globex");

    assertThat(resolve(resolver, "shop.example")).contains(TenantId.of("acme"));
  }

  @ParameterizedTest
  @CsvSource({
    "www.acme.example, 200",
    "WWW.acme.example.:8080, 200",
    "[::1]:8080, 200",
    "nobody.example, 404",
    "acme.example, 400",
    "127.0.0.1, 400",
    "localhost:8080, 400",
  })
  void theHostHeaderDecides(String host, int status) throws Exception {
    TenantResolver resolver =
        TenantResolver.hosts(
            Map.of("www.acme.example", "acme", "[::1]", "acme", "nobody.example", "nobody"));
    app.web
        .filter(UnitOfWorkFilter.builder(app.dataSource, resolver).build())
        .servlet("/*", (request, response) -> app.insert("a"))
        .start();

    assertThat(app.web.get("/", "Host: " + host).status()).isEqualTo(status);
    assertThat(app.stub.committed()).hasSize(status == 200 ? 1 : 0);
  }
}
