package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URL patterns as in a servlet mapping. */
class UrlPatternTest {

  private static boolean matches(String pattern, String servletPath, String pathInfo) {
    HttpServletRequest request =
        Mocks.request().answers("getServletPath", servletPath).answers("getPathInfo", pathInfo);
    return new UrlPattern(pattern).test(request);
  }

  @ParameterizedTest
  @CsvSource({
    "/health, /health, true",
    "/health, /healthy, false",
    "/health, /health/, false",
    "/health, /a/health, false",
    "/health, /Health, false",
    "/, /, true",
    "/, /a, false",
    "/static/*, /static, true",
    "/static/*, /static/, true",
    "/static/*, /static/a/b.css, true",
    "/static/*, /statics, false",
    "/static/*, /a/static/b, false",
    "/*, /, true",
    "/*, /a/b, true",
    "*.css, /a.css, true",
    "*.css, /a/b.css, true",
    "*.css, /a.css/b, false",
    "*.css, /a.cssx, false",
    "*.css, /css, false",
  })
  void aPatternIsComparedWithThePath(String pattern, String path, boolean expected) {
    assertThat(matches(pattern, path, null)).isEqualTo(expected);
    assertThat(matches(pattern, "", path)).isEqualTo(expected);
    assertThat(matches(pattern, path.substring(0, 1), path.substring(1))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "health", "*", "*.", "**", "/a*", "/a*/b", "/*/b", "/a/**", "*.a*", "a/*", " "
      })
  void anotherFormIsRefused(String pattern) {
    assertThatThrownBy(() -> new UrlPattern(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + pattern + "\"");
  }

  @Test
  void itPrintsAsItWasWritten() {
    assertThat(new UrlPattern("/static/*")).hasToString("/static/*");
  }
}
