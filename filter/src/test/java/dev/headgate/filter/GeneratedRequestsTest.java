package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import dev.headgate.faults.Generated;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a request has in it is canonical, or refused, and never anything in between. */
@Tag("long")
class GeneratedRequestsTest {

  private static final List<String> HOSTS =
      List.of(
          "acme.example.com",
          "ACME.Example.COM.",
          "a-1.example.com",
          "example.com",
          "192.0.2.1",
          "[2001:db8::1]",
          "[::ffff:10.0.0.1]",
          "xn--mnchen-3ya.example.com");

  private static final Pattern CANONICAL =
      Pattern.compile("[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*|\\[[0-9a-f:.]+]");

  private static Optional<String> host(String text) {
    try {
      return HostName.ofText(text);
    } catch (InvalidTenantIdException e) {
      return Optional.empty();
    }
  }

  @Test
  void aHostIsCanonicalOrRefused() {
    Generated.texts(
        HOSTS,
        text ->
            host(text)
                .ifPresent(
                    host -> {
                      assertThat(host).matches(CANONICAL).hasSizeLessThan(254);
                      assertThat(text.replaceFirst("\\.$", "")).isEqualToIgnoringCase(host);
                      assertThat(host(host)).contains(host);
                      assertThat(host(host.toUpperCase(Locale.ROOT) + ".")).contains(host);
                    }));
  }

  @Test
  void aSubdomainIsAllThatStandsBeforeTheDomain() {
    TenantResolver resolver = TenantResolver.subdomainOf("example.com");
    Generated.texts(
        HOSTS,
        text -> {
          try {
            resolver
                .resolve(Mocks.request().answers("getServerName", text))
                .ifPresent(
                    tenant -> assertThat(host(text)).contains(tenant.value() + ".example.com"));
          } catch (InvalidTenantIdException e) {
            assertThat(text).isNotEqualTo("acme.example.com");
          }
        });
  }

  @Test
  void aForwardedHostIsTheOnlyOneThatIsThere() {
    ForwardedHeader header = new ForwardedHeader("Forwarded");
    Generated.texts(
        List.of(
            "host=acme.example.com",
            "for=192.0.2.60;proto=http;by=203.0.113.43",
            "for=\"[2001:db8::1]:80\"; host=\"acme.example.com:8443\"",
            "HOST=globex.example.com",
            "for=\"a,b\"",
            ";",
            ", "),
        text -> {
          Optional<String> host;
          try {
            host = header.host(Mocks.request().header("Forwarded", text));
          } catch (InvalidTenantIdException e) {
            return;
          }
          String bare = text.replaceAll("\"[^\"]*\"", "");
          assertThat(bare).doesNotContain(",", "\"", "\\");
          List<String> named =
              Pattern.compile(";")
                  .splitAsStream(text.replaceAll("(?<!host=)\"[^\"]*\"", ""))
                  .filter(pair -> pair.strip().toLowerCase(Locale.ROOT).startsWith("host="))
                  .toList();
          assertThat(named.size()).isLessThan(2);
          host.ifPresent(
              name -> assertThat(text.toLowerCase(Locale.ROOT)).contains("host=").contains(name));
        });
  }

  @Test
  void aHeaderOfOneHostHasOneHost() {
    ForwardedHeader header = new ForwardedHeader("X-Forwarded-Host");
    Generated.texts(
        List.of("acme.example.com", "acme.example.com:8080", "[::1]:80", "globex.example.com, "),
        text -> {
          try {
            header
                .host(Mocks.request().header("X-Forwarded-Host", text))
                .ifPresent(
                    host ->
                        assertThat(text.replaceFirst("\\.?(:\\d{1,5})?$", ""))
                            .isEqualToIgnoringCase(host));
          } catch (InvalidTenantIdException e) {
            assertThat(text).isNotEqualTo("acme.example.com");
          }
        });
  }

  @Test
  void anAddressIsReadAsTheJdkWritesIt() {
    Generated.texts(
        List.of("10.1.2.3", "255.255.255.255", "::1", "[2001:db8::a:1]", "fe80::1%eth0", "::"),
        text -> {
          byte[] address = AddressRange.address(text);
          if (address != null) {
            assertThat(address.length).isIn(4, 16);
            assertThat(text).matches("\\[?[0-9A-Fa-f:.]+(%.*)?(?s:.*)");
            assertThat(AddressRange.address(written(address))).isEqualTo(address);
          }
        });
  }

  private static String written(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRangeHasTheAddressesWithItsFirstBits() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] first = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(first);
      if (first.length == 16) {
        // Not one of IPv4 in the form of IPv6.
        first[0] = 32;
      }
      int most = first.length * 8;
      int bits = random.nextInt(most + 1);
      BigInteger prefix = new BigInteger(1, first).shiftRight(most - bits);
      byte[] begin = bytes(prefix.shiftLeft(most - bits), first.length);
      byte[] other = begin.clone();
      int flipped = random.nextInt(most);
      other[flipped / 8] ^= (byte) (128 >> (flipped % 8));

      AddressRange range = new AddressRange(written(begin) + "/" + bits);

      assertThat(range.contains(first)).isEqualTo(true);
      assertThat(range.contains(other))
          .as("%s/%d", written(begin), bits)
          .isEqualTo(flipped >= bits);
    }
  }

  private static byte[] bytes(BigInteger number, int length) {
    byte[] all = new byte[length];
    byte[] some = number.toByteArray();
    for (int i = 1; i <= Math.min(length, some.length); i++) {
      all[length - i] = some[some.length - i];
    }
    return all;
  }

  @Test
  void aPathLeadsTheApplicationNowhereThatIsHidden() throws Exception {
    try (StubApp app = new StubApp()) {
      List<String> reached = Collections.synchronizedList(new ArrayList<>());
      app.web
          .lenient()
          .filter(
              UnitOfWorkFilter.builder(app.dataSource, TenantResolver.strippedPathSegment())
                  .build())
          .servlet(
              "/*",
              (request, response) -> reached.add(request.getServletPath() + request.getPathInfo()))
          .start();
      int count = Boolean.getBoolean("headgate.stress") ? 20_000 : 1_000;
      Generated.texts(
          count,
          List.of(
              "/acme/notes",
              "/acme/WEB-INF/web.xml",
              "/acme/%57EB-INF/",
              "/web-inf;x",
              "/acme",
              "/../"),
          text -> {
            String path =
                text.chars()
                    .filter(c -> c > ' ' && c < 127 && c != '#' && c != '?')
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining());
            reached.clear();
            app.web.get(path.startsWith("/") ? path : "/" + path);
            assertThat(reached)
                .allSatisfy(
                    each -> {
                      assertThat(each.toLowerCase(Locale.ROOT)).doesNotContain("/web-inf/");
                      assertThat(each).doesNotContain("/../", "//");
                    });
          });
    }
  }

  /** Case 24, with what is logged meanwhile. */
  @Test
  void aHostileHeaderIs400Or404AndLeavesNothing() throws Exception {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    Logger logger = Logger.getLogger("dev.headgate");
    Handler handler = new Lines(lines);
    try (StubApp app = new StubApp()) {
      app.start((request, response) -> app.insert("a"));
      logger.addHandler(handler);
      logger.setLevel(Level.ALL);
      int count = Boolean.getBoolean("headgate.stress") ? 20_000 : 1_000;
      Generated.texts(
          count,
          List.of("acme", "ACME", "nobody", "a.b", "../acme", "acme; DROP TABLE", "{tenant}"),
          text -> {
            String value =
                text.chars()
                    .filter(c -> c != '\r' && c != '\n' && c != 0)
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining());
            int status = app.web.get("/", "Tenant: " + value).status();
            assertThat(status).isIn(200, 400, 404);
            // HTTP takes blanks and tabs around a value away, and nothing else.
            assertThat(status == 200).isEqualTo(value.matches("[ \\t]*(?i:acme)[ \\t]*"));
          });
      assertThat(app.dataSource.snapshot().totals().made()).isEqualTo(1);
      assertThat(lines).isNotEmpty().allMatch(line -> line.matches("[ -~]*"));
    } finally {
      logger.removeHandler(handler);
      QuietLogs.on();
    }
  }

  private static final class Lines extends Handler {

    private final List<String> lines;

    Lines(List<String> lines) {
      this.lines = lines;
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void aHeaderIsATenantOrRefused() {
    TenantResolver resolver = TenantResolver.header("Tenant");
    Generated.texts(
        List.of("acme", "Acme-2", "a,b"),
        text -> {
          try {
            assertThat(resolver.resolve(Mocks.request().header("Tenant", text)))
                .contains(TenantId.of(text));
          } catch (InvalidTenantIdException e) {
            assertThat(text).doesNotMatch("[a-zA-Z0-9]{1,63}");
          }
        });
  }
}
