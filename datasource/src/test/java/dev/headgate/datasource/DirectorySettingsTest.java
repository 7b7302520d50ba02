package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectorySettingsTest {

  @Test
  void textsChangeWhatTheyName() {
    DirectorySettings settings =
        DirectorySettings.defaults()
            .with(
                Map.of(
                    "maximum-tenants", "7",
                    "found-for", "PT2M",
                    "unknown-for", "PT1S",
                    "stale-for", "PT0S",
                    "lookups", "3"));
    assertThat(settings)
        .isEqualTo(
            new DirectorySettings(
                7, Duration.ofMinutes(2), Duration.ofSeconds(1), Duration.ZERO, 3));
    assertThat(DirectorySettings.defaults().with(Map.of())).isEqualTo(DirectorySettings.defaults());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "maximum-tenants | 0     | maximum tenants 0: at least one",
        "maximum-tenants | many  | maximum-tenants: many: not a whole number",
        "found-for       | PT0S  | found for PT0S: it has to be between",
        "unknown-for     | -PT1S | unknown for PT-1S: it has to be between",
        "stale-for       | -PT1S | stale for PT-1S: it has to be between",
        "lookups         | 0     | lookups 0: at least one thread",
        "stale-for       | P366D | stale for PT8784H: it has to be between",
        "found-for       | 5     | found-for: 5: not a duration",
        "found           | PT1S  | there is no directory setting found: there are",
      })
  void whatIsWrong_isRefused(String name, String text, String message) {
    assertThatThrownBy(() -> DirectorySettings.defaults().with(Map.of(name, text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
