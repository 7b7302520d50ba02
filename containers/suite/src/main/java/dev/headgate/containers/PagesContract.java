package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths, methods and pages. */
abstract class PagesContract {

  abstract Notebook notebook();

  @Test
  void theLandingPageLinksToEveryTenant() throws IOException {
    String host = "localhost:" + notebook().port();
    Answer answer = notebook().get(host, "/");
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertIsHtml(answer);
    for (String tenant : new String[] {"acme", "globex", "initech"}) {
      assertThat(answer.text()).contains("href=\"http://%s.%s/\"".formatted(tenant, host));
    }
  }

  @Test
  void theLandingPageShowsNoNote() throws IOException {
    notebook().store("acme.localhost", "not on the landing page");
    assertThat(notebook().get("localhost", "/").text()).doesNotContain("not on the landing page");
  }

  @Test
  void theTenantsPageShowsItsNotes() throws IOException {
    Note note = notebook().store("acme.localhost", "on acme's page");
    Answer answer = notebook().get("acme.localhost", "/");
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertIsHtml(answer);
    assertThat(answer.text()).contains("on acme").contains(">" + note.id() + "<");
  }

  private static void assertIsHtml(Answer answer) {
    // Jetty puts a spelling of its own in place of types that it knows: "utf-8".
    assertThat(answer.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
  }

  @Test
  void theTenantsPageHasAFormWithTwoButtons() throws IOException {
    String page = notebook().get("acme.localhost", "/").text();
    assertThat(tags(page, "form"))
        .singleElement()
        .asString()
        .containsIgnoringCase("method=\"post\"")
        .contains("action=\"/notes\"");
    assertThat(tags(page, "input")).singleElement().asString().contains("name=\"text\"");
    assertThat(tags(page, "button"))
        .hasSize(2)
        .satisfiesOnlyOnce(
            button -> assertThat(button).contains("formaction=\"/notes?fail=after-insert\""));
  }

  private static List<String> tags(String page, String name) {
    return Pattern.compile("<" + name + "\\b[^>]*>")
        .matcher(page)
        .results()
        .map(MatchResult::group)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, /",
    "acme.localhost, /",
    "acme.localhost, /notes",
    "localhost, /pools",
    "localhost, /pools.json"
  })
  void headHasTheHeadersOfGetAndNoBody(String host, String path) throws IOException {
    Answer get = notebook().get(host, path);
    Answer head = notebook().send("HEAD", host, path);
    assertThat(head.status()).as("%s", head).isEqualTo(200);
    assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
    assertThat(head.header("Content-Length"))
        .isEqualTo(get.header("Content-Length"))
        .isEqualTo(Integer.toString(get.length()));
  }

  @Test
  void aPathThatContainersKeepForJspsIs404() throws IOException {
    // Jetty's defaults answer 500 to it if Jetty has no support for JSPs.
    for (String host : List.of("localhost", "acme.localhost")) {
      Answer answer = notebook().get(host, "/notes.jsp");
      assertThat(answer.status()).as("%s", answer).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/nothing",
    "/favicon.ico",
    "/notes/",
    "/notes/1",
    "/pools.json/x",
    "/index.html",
    "/WEB-INF/web.xml",
    "/WEB-INF/tenants.properties",
    "/web-inf/tenants.properties",
    "/META-INF/MANIFEST.MF"
  })
  void anUnknownPathIs404(String path) throws IOException {
    for (String host : new String[] {"localhost", "acme.localhost", "nobody.localhost"}) {
      Answer answer = notebook().get(host, path);
      assertThat(answer.status()).as("%s on %s: %s", path, host, answer).isEqualTo(404);
    }
    Answer answer = notebook().add("acme.localhost", path, "to nowhere");
    assertThat(answer.status()).as("POST %s: %s", path, answer).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, /, POST",
    "localhost, /, PUT",
    "localhost, /, DELETE",
    "localhost, /, PATCH",
    "acme.localhost, /, POST",
    "acme.localhost, /, PUT",
    "acme.localhost, /, DELETE",
    "acme.localhost, /, PATCH",
    "acme.localhost, /notes, PUT",
    "acme.localhost, /notes, DELETE",
    "acme.localhost, /notes, PATCH",
    "localhost, /pools, POST",
    "localhost, /pools.json, POST",
    "localhost, /pools.json, PUT",
    "localhost, /pools.json, DELETE",
    "localhost, /pools.json, PATCH"
  })
  void aWrongMethodIs405(String host, String path, String method) throws IOException {
    Answer answer = notebook().send(method, host, path);
    assertThat(answer.status()).as("%s", answer).isEqualTo(405);
  }

  @ParameterizedTest
  @CsvSource({"localhost, /", "acme.localhost, /", "acme.localhost, /notes"})
  void traceIsRefused(String host, String path) throws IOException {
    // Jetty's own defaults may refuse it first, with 403.
    Answer answer = notebook().send("TRACE", host, path);
    assertThat(answer.status()).as("%s", answer).isIn(403, 405);
  }

  @Test
  void aWrongMethodStoresNothing() throws IOException {
    List<Note> before = notebook().notes("acme.localhost");
    try (Client client = notebook().connect()) {
      Answer answer = client.sendLast("PUT", "acme.localhost", "/notes", Notebook.form("put"));
      assertThat(answer.status()).as("%s", answer).isEqualTo(405);
    }
    assertThat(notebook().notes("acme.localhost")).isEqualTo(before);
  }
}
