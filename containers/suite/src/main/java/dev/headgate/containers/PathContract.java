package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tenant is in the path, and the application sees the path without it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class PathContract {

  /** Not bare, which is where the example needs no tenant, and no tenant's host. */
  private static final String HOST = "notebook.example";

  private static final String SECRET = "a line of tenants.properties";

  private @Nullable Notebook started;

  protected abstract ServletContainer container();

  @BeforeAll
  void start() throws Exception {
    var notebook = new Notebook(container(), new Variant(Registration.WEB_XML, Storage.POSTGRESQL));
    started = notebook;
    notebook.webapp().setResolver("resolver", "stripped-path");
    // The container's own servlet for files is back, for all that the example has no servlet for.
    notebook
        .webapp()
        .changeWebXml("<url-pattern>/</url-pattern>", "<url-pattern>/error</url-pattern>");
    notebook.webapp().write("style.css", "body {}");
    notebook.webapp().write("WEB-INF/secret.txt", SECRET);
    notebook.webapp().write("META-INF/secret.txt", SECRET);
    notebook.start();
  }

  @AfterAll
  void stop() throws IOException {
    notebook().close();
  }

  private Notebook notebook() {
    return Objects.requireNonNull(started);
  }

  private Answer get(String target) throws IOException {
    return notebook().get(HOST, target);
  }

  private long made() throws IOException {
    Object pools = Json.parse(notebook().get("localhost", "/pools.json").text());
    return (long) Json.member(Json.member(pools, "totals"), "made");
  }

  @Test
  void eachPathHasItsNotebook() throws IOException {
    for (String tenant : List.of("acme", "globex")) {
      Answer answer = notebook().add(HOST, "/" + tenant + "/notes", "only of " + tenant);
      assertThat(answer.status()).as("%s", answer).isEqualTo(303);
    }
    assertThat(get("/acme/notes").text()).contains("only of acme").doesNotContain("of globex");
    assertThat(get("/globex/notes").text()).contains("only of globex").doesNotContain("of acme");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/initech",
        "/initech/",
        "/INITECH/",
        "/%69nitech/",
        "/initech;jsessionid=1",
        "/initech;x/"
      })
  void theRootOfATenantIsItsPage(String target) throws IOException {
    Answer answer = get(target);
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.header("Content-Type")).startsWith("text/html");
    assertThat(answer.text()).contains("initech");
  }

  @Test
  void filesAreServed() throws IOException {
    Answer answer = get("/acme/style.css");
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("body {}");
    assertThat(get("/acme/style%2Ecss?v=1").text()).isEqualTo("body {}");
    assertThat(get("/acme/missing.css").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({"after-insert, 500", "status, 503", "swallow, 500", "commit, 500"})
  void whatFailsBehindTheForwardIsNoSuccess(String fail, int status) throws IOException {
    String before = get("/acme/notes").text();
    Answer answer = notebook().add(HOST, "/acme/notes?fail=" + fail, "fails");
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.header("Location")).isNull();
    assertThat(get("/acme/notes").text()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "/, 400",
    "/a_b/notes, 400",
    "/nobody/notes, 404",
    "/nobody, 404",
    "/notes, 404",
    "/acme//notes, 404",
    "/acme/./notes, 404",
    "/acme/x/../notes, 404",
    "//acme/notes, 404"
  })
  void aPathThatNamesNoTenantOrIsNotNormalIsRefused(String target, int status) throws IOException {
    long before = made();
    // A container may refuse what is not normal by itself.
    assertThat(get(target).status()).isIn(status, 400);
    assertThat(made()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/WEB-INF/secret.txt",
        "/acme/WEB-INF/secret.txt",
        "/acme/web-inf/secret.txt",
        "/acme/META-INF/secret.txt",
        "/acme/WEB-INF",
        "/acme/%57EB-INF/secret.txt",
        "/acme/%2557EB-INF/secret.txt",
        "/acme//WEB-INF/secret.txt",
        "/acme/x/../WEB-INF/secret.txt",
        "/acme/%2e/WEB-INF/secret.txt",
        "/acme/x/%2e%2e/WEB-INF/secret.txt",
        "/acme/x/..;/WEB-INF/secret.txt",
        "/acme/x/%252e%252e/WEB-INF/secret.txt",
        "/acme/;x/WEB-INF/secret.txt",
        "/acme;/WEB-INF/secret.txt",
        "/acme/WEB-INF;x/secret.txt",
        "/acme/WEB-INF./secret.txt",
        "/acme/WEB-INF%20/secret.txt",
        "/acme%2FWEB-INF/secret.txt",
        "/acme/%2FWEB-INF/secret.txt",
        "/acme/WEB-INF%2Fsecret.txt",
        "/acme/%5CWEB-INF%5Csecret.txt",
        "/acme/WEB-INF%00/secret.txt",
        "/acme/%c0%afWEB-INF/secret.txt",
        "/acme/WEB-%C4%B1NF/secret.txt",
        "/x/../acme/WEB-INF/secret.txt"
      })
  void whatIsHiddenFromClientsStaysSo(String target) throws IOException {
    long before = made();
    Answer answer = get(target);
    assertThat(answer.status()).as("%s", answer).isIn(400, 404);
    assertThat(answer.text()).doesNotContain(SECRET);
    assertThat(made()).isEqualTo(before);
  }
}
