package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import dev.headgate.fuzz.Input;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The host that a request was sent to. */
class HostFuzzTest {

  private static final String CANONICAL = "[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*|\\[[0-9a-f:.]+]";

  private static final TenantResolver SUBDOMAIN = TenantResolver.subdomainOf("Example.com");
  private static final TenantResolver TABLE =
      TenantResolver.hosts(Map.of("www.acme.example", "acme", "[::1]", "local"));

  private static Optional<String> host(String text) {
    try {
      return HostName.ofText(text);
    } catch (InvalidTenantIdException e) {
      assertThat(e).hasMessage("the host of the request does not have the form of one");
      return Optional.empty();
    }
  }

  private static Optional<TenantId> tenant(TenantResolver resolver, String host) {
    HttpServletRequest request = Requests.answering(Map.of("getServerName", host));
    try {
      return resolver.resolve(request);
    } catch (InvalidTenantIdException e) {
      return Optional.empty();
    }
  }

  @FuzzTest
  void aHostIsCanonicalOrRefused(byte[] input) {
    String text = Input.text(input);
    Optional<String> host = host(text);

    host.ifPresent(
        name -> {
          assertThat(text).matches("[!-~]+");
          assertThat(name).matches(CANONICAL).hasSizeLessThanOrEqualTo(253);
          assertThat(text.endsWith(".") ? text.substring(0, text.length() - 1) : text)
              .isEqualToIgnoringCase(name);
          assertThat(host(name)).contains(name);
          assertThat(host(name.toUpperCase(Locale.ROOT) + ".")).contains(name);
          assertThat(host(name + "..")).isEmpty();
          assertThat(host(name + ":80")).isEmpty();
        });
  }

  @FuzzTest
  void onlyTheCanonicalHostNamesATenant(byte[] input) {
    String text = Input.text(input);
    Optional<String> host = host(text);

    assertThat(tenant(SUBDOMAIN, text))
        .isEqualTo(
            host.filter(name -> name.matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?\\.example\\.com"))
                .map(name -> TenantId.of(name.substring(0, name.indexOf('.')))));
    assertThat(tenant(TABLE, text).map(TenantId::value))
        .isEqualTo(host.map(Map.of("www.acme.example", "acme", "[::1]", "local")::get));
  }

  @FuzzTest
  void whatIsLoggedIsOneLine(byte[] input) {
    String text = Input.text(input);
    String line = OneLine.of(text);

    assertThat(line).matches("[ -~]{0,203}");
    if (text.matches("[ -~]{0,200}")) {
      assertThat(line).isEqualTo(text);
    }
  }
}
