package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantIdTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "7",
        "acme",
        "acme-2",
        "xn--bcher-kva",
        "a--b",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void aLabel_isAnIdentifier(String text) {
    assertThat(TenantId.of(text).value()).isEqualTo(text);
    assertThat(TenantId.of(text)).hasToString(text);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        "-",
        "-a",
        "a-",
        "a.b",
        ".a",
        "a.",
        "a_b",
        "a b",
        "a\n",
        "\u0000",
        "a/b",
        "..",
        "%61",
        "b\u00FCcher",
        "\uFF41",
        "\u212A",
        "a'",
        "a\"",
        "a;b",
        "a?b",
        "a@b",
        "a:1",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void everythingElse_isRefused_andNotRepeated(String text) {
    assertThatThrownBy(() -> TenantId.of(text))
        .isInstanceOf(InvalidTenantIdException.class)
        .hasMessageStartingWith("a tenant identifier");
  }

  @Test
  void capitalLetters_areFolded_inEveryLocale() {
    java.util.Locale before = java.util.Locale.getDefault();
    try {
      java.util.Locale.setDefault(java.util.Locale.forLanguageTag("tr"));
      assertThat(TenantId.of("INITECH")).isEqualTo(TenantId.of("initech"));
    } finally {
      java.util.Locale.setDefault(before);
    }
  }
}
