package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BareHostTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost",
        "127.0.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "[::1]",
        "[2001:DB8::7]",
        "[::ffff:127.0.0.1]"
      })
  void localhostAndAddresses_areBare(String host) {
    assertThat(BareHost.test(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "acme.localhost",
        "localhost.",
        "localhost.localhost",
        "example.com",
        "127.0.0.1.localhost",
        "127.0.0",
        "127.0.0.256",
        "1.2.3.4.5",
        "٠.٠.٠.٠",
        "::1",
        "[::1",
        "[]",
        "[acme]"
      })
  void everythingElse_isNot(String host) {
    assertThat(BareHost.test(host)).isFalse();
  }
}
