package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholdersTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("DB_PASSWORD", "s$1\\{", "EMPTY", "", "NESTED", "${env:DB_PASSWORD}");

  @TempDir Path folder;

  private final Placeholders placeholders = new Placeholders(ENVIRONMENT::get);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${env:DB_PASSWORD}          | s$1\\{",
        "a ${env:DB_PASSWORD} b      | a s$1\\{ b",
        "${env:NESTED}               | ${env:DB_PASSWORD}",
        "$${env:DB_PASSWORD}         | ${env:DB_PASSWORD}",
        "$5 {x} $                    | $5 {x} $",
      })
  void aText_isExpanded(String text, String expanded) {
    assertThat(placeholders.expand(text)).isEqualTo(expanded);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "secret\n", "secret\r\n"})
  void aFile_isReadWithoutItsLineEnd(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("db"), content);
    assertThat(placeholders.expand("${file:" + file + "}")).isEqualTo("secret");
    assertThat(placeholders.files()).containsExactly(file);
  }

  @Test
  void onlyOneLineEnd_isTakenAway() throws IOException {
    Path file = Files.writeString(folder.resolve("db"), "a\nb \n\n");
    assertThat(placeholders.expand("${file:" + file + "}")).isEqualTo("a\nb \n");
  }

  @Test
  void aMissingVariable_isNamed() {
    assertThatThrownBy(() -> placeholders.expand("canary${env:NO_SUCH}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the environment variable NO_SUCH is not set");
  }

  @Test
  void anEmptyValue_isNamed() throws IOException {
    assertThatThrownBy(() -> placeholders.expand("${env:EMPTY}"))
        .hasMessage("the environment variable EMPTY is empty");
    Path file = Files.writeString(folder.resolve("db"), "\n");
    assertThatThrownBy(() -> placeholders.expand("${file:" + file + "}"))
        .hasMessage("the file " + file + " is empty");
  }

  @Test
  void aMissingFile_isNamed() {
    Path file = folder.resolve("none");
    assertThatThrownBy(() -> placeholders.expand("canary${file:" + file + "}"))
        .hasMessageContaining("the file " + file + " can't be read")
        .hasMessageNotContaining("canary");
    assertThat(placeholders.files()).as("watched, since it may come").containsExactly(file);
  }

  @Test
  void aRelativePath_isRefused() {
    assertThatThrownBy(() -> placeholders.expand("${file:db}"))
        .hasMessageContaining("the file db: its path has to be absolute");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"${canary}", "${", "x${canary", "${sys:canary}", "${env:}", "${env:canary"})
  void anythingElse_isRefused_withoutRepeatingIt(String text) {
    assertThatThrownBy(() -> placeholders.expand(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("begins neither ${env:NAME} nor ${file:/PATH}")
        .hasMessageNotContaining("canary");
  }
}
