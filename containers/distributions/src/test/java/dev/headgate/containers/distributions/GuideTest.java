package dev.headgate.containers.distributions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuideTest {

  private static final String JETTY = "Jetty 12.1";

  private static Map<String, String> values() {
    return new HashMap<>(
        Map.of(
            "JETTY_HOME", "/a home",
            "JETTY_BASE", "/base",
            "JAKARTA_EE", "ee10",
            "WAR", "/a.war",
            "DATA", "/data",
            "PORT", "0"));
  }

  @Test
  void theCommandsAreThoseOfTheSectionWithOtherValues() throws IOException {
    Guide guide = Guide.read(JETTY, values());
    assertThat(guide.layOut()).startsWith("JETTY_HOME='/a home'\n").contains("--add-modules=");
    assertThat(guide.start()).startsWith("JETTY_HOME='/a home'\n").contains("jetty.http.host=");
  }

  @Test
  void aVariableOfTheSectionWithoutAValueIsRefused() {
    Map<String, String> values = values();
    values.remove("PORT");
    assertThatThrownBy(() -> Guide.read(JETTY, values)).hasMessageContaining("PORT");
  }

  @Test
  void aValueOfNoVariableIsRefused() {
    Map<String, String> values = values();
    values.put("OTHER", "x");
    assertThatThrownBy(() -> Guide.read(JETTY, values)).hasMessageContaining("OTHER");
  }

  @Test
  void aSectionThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> Guide.read("Jetty 1", values())).hasMessageContaining("Jetty 1");
  }
}
