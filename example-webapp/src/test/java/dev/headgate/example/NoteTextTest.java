package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoteTextTest {

  @Test
  void of_trimsUnicodeWhiteSpace() throws Exception {
    assertThat(NoteText.of(Optional.of(" \t\r\n\u2003a \n b\u3000 "))).isEqualTo("a \n b");
  }

  @Test
  void of_countsCodePoints() throws Exception {
    String longest = "🎉".repeat(NoteText.MAXIMUM);

    assertThat(NoteText.of(Optional.of(" " + longest + " "))).isEqualTo(longest);
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> NoteText.of(Optional.of(longest + "a")))
        .withMessageContaining("1001");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\r\n\t", "\u2003\u3000"})
  void of_nothing_isRefused(String sent) {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> NoteText.of(Optional.of(sent)))
        .withMessageContaining("empty");
  }

  @Test
  void of_missing_isRefused() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> NoteText.of(Optional.empty()))
        .withMessageContaining("missing");
  }

  @Test
  void of_nul_isRefused() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> NoteText.of(Optional.of("a\0b")))
        .withMessageContaining("NUL");
  }
}
