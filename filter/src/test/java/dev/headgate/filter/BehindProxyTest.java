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

/** The host that a trusted proxy says the client has asked for. */
class BehindProxyTest {

  private static final String PROXY = "10.1.2.3";
  private static final TenantResolver SUBDOMAIN = TenantResolver.subdomainOf("example.com");

  private final StubApp app = new StubApp();

  @AfterEach
  void close() {
    app.close();
  }

  /** A request for globex as it came, from an address. */
  private static Mocks.Request from(String address) {
    return Mocks.request()
        .answers("getRemoteAddr", address)
        .answers("getServerName", "globex.example.com");
  }

  private static Optional<TenantId> forwarded(String... values) {
    return TenantResolver.behindProxy(SUBDOMAIN, "Forwarded", "10.0.0.0/8")
        .resolve(from(PROXY).header("Forwarded", values));
  }

  private static Optional<TenantId> named(String... values) {
    return TenantResolver.behindProxy(SUBDOMAIN, "X-Forwarded-Host", "10.0.0.0/8")
        .resolve(from(PROXY).header("X-Forwarded-Host", values));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host=acme.example.com",
        "HOST=ACME.Example.com.",
        "for=192.0.2.60;proto=https;by=203.0.113.43;host=acme.example.com",
        "for=\"[2001:db8::1]:4711\"; host=\"acme.example.com:8443\"; proto=https",
        "host=acme.example.com:8080",
        " host=acme.example.com ;",
        "for=_hidden;;host=acme.example.com",
      })
  void theStandardHeaderHasTheHost(String value) {
    assertThat(forwarded(value)).contains(TenantId.of("acme"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme.example.com", "Acme.example.com.:8080", "acme.example.com:443"})
  void anotherHeaderIsTheHost(String value) {
    assertThat(named(value)).contains(TenantId.of("acme"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host=globex.example.com, host=acme.example.com",
        "for=192.0.2.43, host=acme.example.com",
        "host=acme.example.com;host=acme.example.com",
        "host=acme.example.com;HOST=globex.example.com",
        "host=acme.example.com,",
        "host=\"acme.example.com",
        "host=\"acme\\.example.com\"",
        "host=acme.example.com x",
        "host acme.example.com",
        "host=",
        "host=;for=x",
        "=acme.example.com",
        "host=acme.example.com/",
        "host=a%63me.example.com",
        "host=\"acme.example.com\"x",
        "acme.example.com",
      })
  void aMalformedStandardHeaderIsRefused(String value) {
    assertThatThrownBy(() -> forwarded(value)).isInstanceOf(InvalidTenantIdException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme.example.com, globex.example.com",
        "acme.example.com,acme.example.com",
        "acme.example.com:",
        "acme.example.com:x",
        "acme.example.com:123456",
        "acme.example.com:80:80",
        "http://acme.example.com",
        "user@acme.example.com",
        "acme%2eexample.com",
        "host=acme.example.com",
        ".example.com",
        ":80",
      })
  void aMalformedHostIsRefused(String value) {
    assertThatThrownBy(() -> named(value)).isInstanceOf(InvalidTenantIdException.class);
  }

  @Test
  void aHeaderThatIsThereTwiceIsRefused() {
    assertThatThrownBy(() -> forwarded("host=acme.example.com", "host=acme.example.com"))
        .isInstanceOf(InvalidTenantIdException.class);
    assertThatThrownBy(() -> named("acme.example.com", "acme.example.com"))
        .isInstanceOf(InvalidTenantIdException.class);
  }

  @Test
  void withoutTheHeader_theProxysOwnHostDoesNotCount() {
    assertThat(named()).isEmpty();
    assertThat(named("")).isEmpty();
    assertThat(forwarded()).isEmpty();
    assertThat(forwarded("for=192.0.2.43;proto=http")).isEmpty();
  }

  @Test
  void onlyTheHeaderThatWasNamedIsRead() {
    Mocks.Request request =
        from(PROXY)
            .header("X-Forwarded-Host", "acme.example.com")
            .header("Forwarded", "host=initech.example.com")
            .header("X-Forwarded-Server", "initech.example.com");

    assertThat(TenantResolver.behindProxy(SUBDOMAIN, "X-Forwarded-Host", PROXY).resolve(request))
        .contains(TenantId.of("acme"));
    assertThat(TenantResolver.behindProxy(SUBDOMAIN, "Forwarded", PROXY).resolve(request))
        .contains(TenantId.of("initech"));
  }

  @Test
  void withoutAProxyThatIsTrusted_noSuchHeaderIsRead() {
    Mocks.Request request =
        from(PROXY)
            .header("X-Forwarded-Host", "acme.example.com")
            .header("Forwarded", "host=acme.example.com");

    assertThat(SUBDOMAIN.resolve(request)).contains(TenantId.of("globex"));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1",
    "192.0.2.7, 192.0.2.7",
    "192.0.2.0/31, 192.0.2.1",
    "0.0.0.0/0, 203.0.113.9",
    "::1, 0:0:0:0:0:0:0:1",
    "::1, [0:0:0:0:0:0:0:1]",
    "fe80::/10, fe80:0:0:0:1:2:3:4%eth0",
    "fd00::/8, [fd12::1]",
    "10.0.0.0/8, ::ffff:10.0.0.1",
    "10.0.0.0/8, [::ffff:a00:1]",
    "::ffff:10.0.0.1, 10.0.0.1",
  })
  void aProxyIsKnownByItsAddress(String range, String address) {
    assertThat(
            TenantResolver.behindProxy(SUBDOMAIN, "X-Forwarded-Host", "203.0.113.255", range)
                .resolve(from(address).header("X-Forwarded-Host", "acme.example.com")))
        .contains(TenantId.of("acme"));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 11.0.0.1",
    "192.0.2.7, 192.0.2.8",
    "192.0.2.0/31, 192.0.2.2",
    "0.0.0.0/0, ::1",
    "::/0, 10.0.0.1",
    "fd00::/8, fe00::1",
    "127.0.0.1, localhost",
    "0.0.0.0/0, 10.0.0",
    "0.0.0.0/0, 10.0.0.256",
    "0.0.0.0/0, ''",
    "0.0.0.0/0, '10.0.0.1, 10.0.0.2'",
    "::/0, ':'",
    "::/0, [::1",
    "0.0.0.0/0,",
  })
  void whoeverElseSendsTheHeader_isNotBelieved(String range, String address) {
    assertThat(
            TenantResolver.behindProxy(SUBDOMAIN, "X-Forwarded-Host", range)
                .resolve(from(address).header("X-Forwarded-Host", "acme.example.com")))
        .contains(TenantId.of("globex"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0.256",
        "010.0.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.*",
        "::1/129",
        "fd00::1/8",
        ":::",
        "abc",
        "cafe",
      })
  void aProxyThatIsNoAddressIsRefused(String range) {
    assertThatThrownBy(() -> TenantResolver.behindProxy(SUBDOMAIN, "Forwarded", range))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + range + "\"");
  }

  @Test
  void noProxyAndNoHeaderAreRefused() {
    assertThatThrownBy(() -> TenantResolver.behindProxy(SUBDOMAIN, "Forwarded"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no proxy");
    assertThatThrownBy(() -> TenantResolver.behindProxy(SUBDOMAIN, " ", PROXY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the header \" \"");
  }

  @Test
  void itSaysWhomItTrusts() {
    assertThat(TenantResolver.behindProxy(SUBDOMAIN, "Forwarded", "10.0.0.0/8", "::1"))
        .hasToString(
            "the label before example.com in the host name, which is that of the header Forwarded"
                + " from 10.0.0.0/8, ::1");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8, acme.localhost, 200",
    "127.0.0.0/8, nobody.localhost, 404",
    "127.0.0.0/8, 'acme.localhost, acme.localhost', 400",
    "192.0.2.0/24, acme.localhost, 404",
  })
  void overHttpTheHeaderCountsFromTheProxyAlone(String range, String host, int status)
      throws Exception {
    TenantResolver resolver =
        TenantResolver.behindProxy(
            TenantResolver.subdomainOf("localhost"), "X-Forwarded-Host", range);
    app.web
        .filter(UnitOfWorkFilter.builder(app.dataSource, resolver).build())
        .servlet("/*", (request, response) -> app.insert(request.getServerName()))
        .start();

    assertThat(app.web.get("/", "Host: nobody.localhost", "X-Forwarded-Host: " + host).status())
        .isEqualTo(status);
    assertThat(app.stub.committed()).hasSize(status == 200 ? 1 : 0);
  }
}
