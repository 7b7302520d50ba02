package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class PagesTest {

  private static final Site SITE = new Site("http", 8080, "");

  @Test
  void landing_linksTheTenantsAtThePortInUse() {
    assertThat(Pages.landing(SITE))
        .contains("href=\"http://acme.localhost:8080/\"")
        .contains("href=\"http://globex.localhost:8080/\"")
        .contains("href=\"http://initech.localhost:8080/\"");
  }

  @Test
  void landing_atTheUsualPort_linksWithoutIt() {
    assertThat(Pages.landing(new Site("http", 80, "/app")))
        .contains("href=\"http://acme.localhost/app/\"");
    assertThat(Pages.landing(new Site("https", 443, "")))
        .contains("href=\"https://acme.localhost/\"");
    assertThat(Pages.landing(new Site("https", 80, "")))
        .contains("href=\"https://acme.localhost:80/\"");
  }

  @Test
  void landing_inALanguageWithOtherDigits_isTheSame() {
    String page = Pages.landing(SITE);
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat(Pages.landing(SITE)).isEqualTo(page);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void landing_linksThePools() {
    assertThat(Pages.landing(new Site("http", 8080, "/app"))).contains("href=\"/app/pools\"");
  }

  @Test
  void pools_haveAllInThemselvesAndAskTheirNeighbour() throws Exception {
    assertThat(Pages.pools())
        .startsWith("<!DOCTYPE html>")
        .contains("fetch(\"pools.json\"")
        .doesNotContainPattern("(src|href)=\"?(https?:)?//")
        .doesNotContain("innerHTML", "@import", "url(");
  }

  @Test
  void notebook_hasTheForm() {
    assertThat(Pages.notebook(new Site("http", 8080, "/app"), "acme", List.of()))
        .contains("<form class=\"card\" method=\"post\" action=\"/app/notes\">")
        .contains("name=\"text\"")
        .contains("formaction=\"/app/notes?fail=after-insert\"")
        .contains("No notes yet");
  }

  @Test
  void notebook_hostileNote_isShownAsItIs() {
    String page =
        Pages.notebook(
            SITE, "acme", List.of(new Note(7, "</span><script>alert(\"'&amp;%s%n\")</script>")));

    assertThat(page)
        .doesNotContain("<script")
        .contains("&lt;/span&gt;&lt;script&gt;alert(&#34;&#39;&amp;amp;%s%n&#34;)&lt;/script&gt;");
  }

  @Test
  void error_hostileMessage_isShownAsItIs() {
    assertThat(Pages.error(SITE, 404, "<b>"))
        .contains("&lt;b&gt;")
        .doesNotContain("<b>")
        .contains("404");
  }
}
