package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.0.3",
        "::1",
        "[::1]",
        "0:0:0:0:0:0:0:1",
        "[0:0:0:0:0:0:0:1]"
      })
  void thisMachine_isHere(String address) {
    assertThat(Loopback.test(address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "128.0.0.1",
        "127.0.0.1.example.com",
        "10.127.0.0.1",
        "::2",
        "1::1",
        "localhost"
      })
  void everyOtherAddress_isNot(String address) {
    assertThat(Loopback.test(address)).isFalse();
  }
}
