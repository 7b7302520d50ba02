package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.TenantId;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The resolver as web.xml names it. */
class ResolverParamsTest {

  private final Map<InitParam, String> values = new EnumMap<>(InitParam.class);

  private ResolverParamsTest with(InitParam param, String value) {
    values.put(param, value);
    return this;
  }

  private TenantResolver resolver() {
    return new ResolverParams(values).resolver();
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(this::resolver)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }

  /** All that the resolvers need. */
  private ResolverParamsTest everything() {
    return with(InitParam.RESOLVER_DOMAIN, "example.com")
        .with(InitParam.RESOLVER_HOSTS, "www.acme.example=acme, shop.example = globex")
        .with(InitParam.RESOLVER_HEADER, "X-Tenant")
        .with(InitParam.RESOLVER_SESSION_ATTRIBUTE, "tenant");
  }

  @ParameterizedTest
  @CsvSource({
    "subdomain, RESOLVER_DOMAIN, the label before example.com in the host name",
    "hosts, RESOLVER_HOSTS, 'that of the host name, of which 2 are known'",
    "header, RESOLVER_HEADER, the header X-Tenant",
    "path, , the first segment of the path",
    "stripped-path, , 'the first segment of the path, which is taken off it'",
    "session, RESOLVER_SESSION_ATTRIBUTE, the session attribute tenant",
    "principal, , the name of the user",
  })
  void eachResolverHasAName(String kind, InitParam own, String description) {
    everything().values.keySet().removeIf(param -> param != own);

    assertThat(with(InitParam.RESOLVER, kind).resolver()).hasToString(description);
  }

  @Test
  void ofSeveralTheFirstCounts() {
    everything();
    with(InitParam.RESOLVER, "header,principal , session, hosts, subdomain");

    assertThat(resolver())
        .hasToString(
            "the header X-Tenant, or the name of the user, or the session attribute tenant, or"
                + " that of the host name, of which 2 are known, or"
                + " the label before example.com in the host name");
  }

  @Test
  void severalMayHaveToAgree() {
    everything();
    with(InitParam.RESOLVER, "subdomain, header").with(InitParam.RESOLVER_SEVERAL, "agree");
    values.remove(InitParam.RESOLVER_HOSTS);
    values.remove(InitParam.RESOLVER_SESSION_ATTRIBUTE);
    TenantResolver resolver = resolver();
    Mocks.Request request = Mocks.request().answers("getServerName", "acme.example.com");

    assertThat(resolver.resolve(request.header("X-Tenant", "acme"))).contains(TenantId.of("acme"));
    assertThatThrownBy(() -> resolver.resolve(request.header("X-Tenant", "globex")))
        .isInstanceOf(TenantRefusedException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'principal, path', both, both: neither first nor agree",
    "principal, agree, there is only one resolver",
  })
  void howSeveralAreTaken_isChecked(String kinds, String several, String message) {
    with(InitParam.RESOLVER, kinds).with(InitParam.RESOLVER_SEVERAL, several);
    assertRefused("init-param resolver.several: ", message);
  }

  @Test
  void aClassMayBeOneOfSeveral() {
    with(InitParam.RESOLVER, "principal, " + WebXmlTest.ByParameter.class.getName());

    assertThat(
            resolver()
                .resolve(
                    Mocks.request()
                        .answers("getUserPrincipal", null)
                        .answers("getParameter", "acme")))
        .contains(TenantId.of("acme"));
  }

  @Test
  void theHostsAreRead() {
    with(InitParam.RESOLVER, "hosts");
    with(
        InitParam.RESOLVER_HOSTS,
        "www.acme.example=acme,\n      Shop.example = globex, [::1]=local");

    assertThat(resolver().resolve(Mocks.request().answers("getServerName", "shop.example")))
        .contains(TenantId.of("globex"));
    assertThat(resolver().resolve(Mocks.request().answers("getServerName", "[::1]")))
        .contains(TenantId.of("local"));
  }

  private void behind(String header, String proxies) {
    with(InitParam.RESOLVER, "subdomain").with(InitParam.RESOLVER_DOMAIN, "example.com");
    if (header != null) {
      with(InitParam.RESOLVER_FORWARDED_HEADER, header);
    }
    if (proxies != null) {
      with(InitParam.RESOLVER_PROXIES, proxies);
    }
  }

  @Test
  void theProxiesAreRead() {
    behind("X-Forwarded-Host", "192.0.2.7 , 10.0.0.0/8");

    assertThat(
            resolver()
                .resolve(
                    Mocks.request()
                        .answers("getRemoteAddr", "10.1.2.3")
                        .header("X-Forwarded-Host", "acme.example.com")))
        .contains(TenantId.of("acme"));
  }

  @ParameterizedTest
  @CsvSource({
    "Forwarded, , init-param resolver.proxies is missing",
    "Forwarded, '', init-param resolver.proxies is missing",
    "Forwarded, 'proxy.example', 'init-param resolver.proxies: \"proxy.example\"'",
    "Forwarded, '10.0.0.0/8,', 'init-param resolver.proxies: \"\"'",
    ", ::1, init-param resolver.forwarded-header is missing",
    "a b, ::1, 'init-param resolver.forwarded-header: the header \"a b\"'",
  })
  void malformedProxiesAreNamed(String header, String proxies, String why) {
    behind(header, proxies);

    assertRefused(why);
  }

  @Test
  void anEmptyResolverIsMissing() {
    with(InitParam.RESOLVER, "");

    assertRefused("init-param resolver is missing");
  }

  @ParameterizedTest
  @CsvSource({
    "',', nothing before or after a comma",
    "'path,', nothing before or after a comma",
    "'path,,principal', nothing before or after a comma",
    "'principal, principal', principal is there twice",
    "'path, principal, path', path is there twice",
    "'path, cookie', cookie: it has to be a class",
    "'path principal', path principal: it has to be a class",
    "Path, Path: it has to be a class",
  })
  void aMalformedResolverIsNamed(String value, String why) {
    with(InitParam.RESOLVER, value);

    assertRefused("init-param resolver: ", why);
  }

  @ParameterizedTest
  @CsvSource({
    "subdomain, RESOLVER_DOMAIN",
    "hosts, RESOLVER_HOSTS",
    "header, RESOLVER_HEADER",
    "session, RESOLVER_SESSION_ATTRIBUTE",
  })
  void whatAResolverNeedsIsNamed(String kind, InitParam own) {
    with(InitParam.RESOLVER, "path, " + kind);
    assertRefused("init-param " + own.key() + " is missing");

    with(own, "");
    assertRefused("init-param " + own.key() + " is missing");
  }

  @ParameterizedTest
  @CsvSource({
    "subdomain, RESOLVER_DOMAIN",
    "hosts, RESOLVER_HOSTS",
    "header, RESOLVER_HEADER",
    "session, RESOLVER_SESSION_ATTRIBUTE",
  })
  void whatNoResolverNeedsIsNamed(String kind, InitParam own) {
    with(InitParam.RESOLVER, "path, principal").with(own, "a");

    assertRefused("init-param %s goes with resolver = %s".formatted(own.key(), kind));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme",
        "=",
        "=acme",
        "a.example=",
        "a.example=acme,",
        "a.example=acme, b.example",
        "a.example=acme=globex",
        "a.example:80=acme",
        "http://a.example=acme",
        "*.example=acme",
        "a.example=a.b",
        "a.example=acme, a.example=globex",
        "a.example=acme, A.example=acme",
        "a.example=acme; b.example=globex",
      })
  void malformedHostsAreNamed(String hosts) {
    with(InitParam.RESOLVER, "hosts").with(InitParam.RESOLVER_HOSTS, hosts);

    assertRefused("init-param resolver.hosts: ");
  }
}
