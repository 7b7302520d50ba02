package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import dev.headgate.fuzz.Input;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Paths with a tenant in front, and patterns of paths. */
class PathFuzzTest {

  private static final Set<String> HIDDEN = Set.of("WEB-INF", "META-INF", ".", "..");

  /** The JDK takes %-0 for an escape, too. */
  private static final Pattern MALFORMED = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private static HttpServletRequest request(String uri, String path) {
    Map<String, Object> answers = new HashMap<>();
    answers.put("getContextPath", "/ctx");
    answers.put("getRequestURI", "/ctx" + uri);
    answers.put("getServletPath", path);
    answers.put("getPathInfo", null);
    return Requests.answering(answers);
  }

  /** Returns a path as a container reads it, but for what it normalizes. */
  private static String decoded(String uri) {
    String bare = uri.replaceAll(";[^/]*", "");
    return MALFORMED.matcher(bare).find()
        ? uri
        : URLDecoder.decode(bare.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /**
   * The first line is the path as it was sent; behind the last line end stands what the container
   * has made of it, if that is not what one would expect.
   */
  @FuzzTest
  void aPathLeadsTheApplicationNowhereThatIsHidden(byte[] input) {
    String uri = Input.head(input);
    String path = Input.tail(input).isEmpty() ? decoded(uri) : Input.tail(input);
    HttpServletRequest request = request(uri, path);
    Optional<TenantId> tenant;
    try {
      tenant = TenantResolver.strippedPathSegment().resolve(request);
    } catch (InvalidTenantIdException | PathRefusedException e) {
      assertThat(StrippedPath.takenFrom(request)).isNull();
      return;
    }
    StrippedPath stripped = StrippedPath.takenFrom(request);
    assertThat(stripped == null).isEqualTo(tenant.isEmpty());
    if (stripped == null) {
      return;
    }
    String segment = tenant.get().value();
    assertThat(decoded(uri.substring(1).replaceFirst("/.*", ""))).isEqualToIgnoringCase(segment);
    assertThat(stripped.rest()).startsWith("/");
    assertThat(uri.endsWith(stripped.rest()) || stripped.rest().equals("/")).isTrue();
    assertThat(path.toLowerCase(Locale.ROOT)).startsWith("/" + segment);
    String read = path.substring(1 + segment.length());
    String written = decoded(stripped.rest());
    assertThat(read.isEmpty() ? "/" : read).startsWith(written);
    assertThat(read.length() <= written.length() || written.endsWith("/")).isTrue();
    requireVisible(written);
  }

  /** However often it is decoded, and wherever a file system sees a folder. */
  private static void requireVisible(String path) {
    String text = path;
    for (int i = 0; i < 4; i++) {
      assertThat(text).doesNotContainPattern("\\p{Cntrl}|\\\\");
      String[] segments = text.substring(1).split("/", -1);
      for (int s = 0; s < segments.length; s++) {
        String name =
            segments[s].replaceFirst(";.*|(?<=.):.*", "").strip().toUpperCase(Locale.ROOT);
        assertThat(name).as(text).isNotIn(HIDDEN);
        if (i == 0 && s < segments.length - 1) {
          assertThat(segments[s]).as(text).isNotEmpty();
        }
      }
      text = decoded(text);
    }
  }

  @FuzzTest
  void theFirstSegmentIsTheTenant(byte[] input) {
    String path = Input.text(input);
    Optional<TenantId> tenant;
    try {
      tenant = TenantResolver.pathSegment().resolve(request(path, path));
    } catch (InvalidTenantIdException e) {
      assertThat(path).doesNotMatch("(?s)/[a-z0-9]{1,63}(/.*)?");
      return;
    }
    String segment = tenant.map(TenantId::value).orElse("");
    assertThat(path.toLowerCase(Locale.ROOT)).matches("(?s)/?\\Q" + segment + "\\E(/.*)?");
  }

  /** The pattern stands before the last line end, and a path behind it. */
  @FuzzTest
  void aPatternHasThePathsBelowIt(byte[] input) {
    String text = Input.head(input);
    String path = Input.tail(input);
    UrlPattern pattern;
    try {
      pattern = new UrlPattern(text);
    } catch (IllegalArgumentException e) {
      assertThat(e).message().startsWith("URL pattern \"" + text + "\"");
      return;
    }
    boolean expected =
        text.startsWith("*")
            ? path.endsWith(text.substring(1))
            : text.endsWith("/*")
                ? (path + "/").startsWith(text.substring(0, text.length() - 1))
                : path.equals(text);
    assertThat(pattern.matches(path)).isEqualTo(expected);
  }
}
