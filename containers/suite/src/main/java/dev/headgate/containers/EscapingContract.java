package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text that would do harm if it were not escaped. */
abstract class EscapingContract {

  private static final AtomicInteger texts = new AtomicInteger();

  /** Control characters and non-characters, for which HTML has no notation. */
  private static final Pattern UNFIT =
      Pattern.compile("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\x{FFFE}\\x{FFFF}]");

  abstract Notebook notebook();

  static List<String> hostile() {
    return List.of(
        "\"double\" and 'single'",
        "<script>alert(1)</script>",
        "</span></li></ol></main></body></html><script>alert(1)</script>",
        "<!-- comment -->",
        "<![CDATA[ x ]]>",
        "\"><img src=x onerror=alert(1)>",
        "&lt;b&gt; &amp; &#60; &#x3c; &copy",
        "javascript:alert(1)",
        "back\\slash \\u0041 \\\" \\n \\",
        "in\tside\nnew\r\nline",
        "\u0001\u0002\u0008\u000B\u000C\u001B[31m\u001F\u007F\u0080\u0085\u009F",
        "line\u2028and\u2029paragraph",
        "\uD83D\uDE00\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67\uD83C\uDDE9\uD83C\uDDEA",
        "\u202Ertl\u202C \u05D0\u0628 \uFEFF \uFFFD \uFFFE \uFFFF \u00A0",
        "e\u0301 is not \u00E9",
        "'; DROP TABLE note; -- ? {fn now()} :name ${jndi:ldap://x} %s %n",
        "50%25 + 1 = 2&text=other;x=y#z",
        "[{\"id\":1}]",
        "null");
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void jsonHasTheTextAsItWasSent(String text) throws IOException {
    for (String host : List.of("acme.localhost", "globex.localhost")) {
      assertThat(notebook().store(host, text).text()).isEqualTo(text.strip());
      // Raw control characters are no JSON, and U+2028 and U+2029 were none in JavaScript.
      assertThat(notebook().get(host, "/notes").text()).doesNotContainPattern("[\\x00-\\x1F]");
    }
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void thePageShowsTheTextEscaped(String text) throws IOException {
    // Between words that find it again, whatever is around it in the page.
    String begin = "begin" + texts.incrementAndGet() + ":";
    String end = ":end" + texts.get();
    for (String host : List.of("acme.localhost", "globex.localhost")) {
      notebook().store(host, begin + text + end);
      String page = notebook().get(host, "/").text();
      assertThat(page).containsOnlyOnce(begin).containsOnlyOnce(end);
      String shown = page.substring(page.indexOf(begin) + begin.length(), page.indexOf(end));
      assertThat(shown).doesNotContain("<", ">", "\"", "'");
      assertThat(shown.replaceAll("&(lt|gt|amp|quot|#[0-9]+|#x[0-9a-fA-F]+);", ""))
          .doesNotContain("&");
      if (UNFIT.matcher(text).find()) {
        assertThat(fit(unescape(shown))).isEqualTo(fit(text));
      } else {
        assertThat(unescape(shown)).isEqualTo(text);
      }
    }
  }

  private static String unescape(String html) {
    return Pattern.compile("&#([0-9]+);")
        .matcher(html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\""))
        .replaceAll(
            number ->
                Matcher.quoteReplacement(Character.toString(Integer.parseInt(number.group(1)))))
        .replace("&amp;", "&");
  }

  /** Removes what is unfit for HTML, and the spaces that may stand in its place. */
  private static String fit(String text) {
    return UNFIT.matcher(text).replaceAll("").replace(" ", "");
  }
}
