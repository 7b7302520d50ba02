package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import dev.headgate.fuzz.Input;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a proxy says of the host, and which addresses are those of proxies. */
class ForwardedFuzzTest {

  /** Returns the host that the header has from a proxy, "" for none, or null for a refusal. */
  private static String host(String header, String... values) {
    try {
      return new ForwardedHeader(header)
          .host(Requests.answering(Map.of("header " + header, List.of(values))))
          .orElse("");
    } catch (InvalidTenantIdException e) {
      assertThat(e)
          .message()
          .matches("the (host of the request|forwarded host|header Forwarded) .*");
      return null;
    }
  }

  @FuzzTest
  void theStandardHeaderHasOneHostOfOneProxy(byte[] input) {
    String text = Input.text(input);
    String host = host("Forwarded", text);

    assertThat(host("Forwarded", text, text)).isNull();
    assertThat(host("Forwarded", text + ", host=evil.example")).isNull();
    assertThat(host("Forwarded", "host=evil.example, " + text)).isNull();
    assertThat(host("Forwarded", "host=acme.example;" + text)).isIn(null, "acme.example");
    assertThat(host("Forwarded", text + ";host=acme.example")).isIn(null, "acme.example");
    if (host != null && !host.isEmpty()) {
      assertThat(HostName.ofText(host)).contains(host);
      assertThat(text.toLowerCase(Locale.ROOT))
          .matches("(?s).*host=\"?\\Q" + host + "\\E\\.?(:\\d{1,5})?\"?[ \\t]*(;.*)?");
      assertThat(host("Forwarded", text + ";host=acme.example")).isNull();
    }
  }

  @FuzzTest
  void anotherHeaderIsOneHost(byte[] input) {
    String text = Input.text(input);
    String host = host("X-Forwarded-Host", text);

    assertThat(host("X-Forwarded-Host", text, text)).isNull();
    assertThat(host("X-Forwarded-Host", text + ", evil.example")).isNull();
    assertThat(host("X-Forwarded-Host", "evil.example, " + text)).isNull();
    if (host != null && !host.isEmpty()) {
      assertThat(HostName.ofText(host)).contains(host);
      assertThat(text.replaceFirst("\\.?(:\\d{1,5})?\\z", "")).isEqualToIgnoringCase(host);
    }
  }

  @FuzzTest
  void onlyFromAProxyAHeaderCounts(byte[] input) {
    String text = Input.text(input);
    TenantResolver resolver =
        TenantResolver.behindProxy(
            TenantResolver.hosts(Map.of("acme.example", "acme", "globex.example", "globex")),
            "X-Forwarded-Host",
            "10.0.0.0/8",
            "fd00::/8");
    byte[] sender = AddressRange.address(text);
    boolean proxy =
        sender != null
            && (sender.length == 4 ? sender[0] == 10 : Byte.toUnsignedInt(sender[0]) == 0xfd);

    assertThat(
            resolver.resolve(
                Requests.answering(
                    Map.of(
                        "getRemoteAddr",
                        text,
                        "getServerName",
                        "globex.example",
                        "header X-Forwarded-Host",
                        List.of("acme.example")))))
        .contains(TenantId.of(proxy ? "acme" : "globex"));
  }

  @FuzzTest
  void anAddressIsReadAsTheJdkWritesIt(byte[] input) throws UnknownHostException {
    String text = Input.text(input);
    byte[] address = AddressRange.address(text);
    if (address != null) {
      String written = InetAddress.getByAddress(address).getHostAddress();
      assertThat(AddressRange.address(written)).isEqualTo(address);
      assertThat(new AddressRange(written).contains(address)).isTrue();
    }
    AddressRange range;
    try {
      range = new AddressRange(text);
    } catch (IllegalArgumentException e) {
      assertThat(e).message().startsWith("\"" + text + "\"");
      return;
    }
    byte[] first = AddressRange.address(text.replaceFirst("/.*", ""));
    int bits = text.contains("/") ? Integer.parseInt(text.replaceFirst(".*/", "")) : -1;
    assertThat(range.contains(first)).isTrue();
    for (int i = 0; i < first.length * 8; i++) {
      byte[] other = first.clone();
      other[i / 8] ^= (byte) (128 >> (i % 8));
      assertThat(range.contains(other)).as("bit %d", i).isEqualTo(bits >= 0 && i >= bits);
    }
  }
}
