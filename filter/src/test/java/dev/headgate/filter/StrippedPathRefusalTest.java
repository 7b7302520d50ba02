package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A forward reaches what a client must not: such a path is refused, in whichever form. */
class StrippedPathRefusalTest {

  private static final String[] HIDDEN = {
    "/acme/WEB-INF/secret.txt",
    "/acme/web-inf/secret.txt",
    "/acme/META-INF/secret.txt",
    "/acme/WEB-INF",
    "/acme/WEB-INF/",
    "/acme/%57EB-INF/secret.txt",
    "/acme/WEB%2DINF/secret.txt",
    "/acme/%2557EB-INF/secret.txt",
    "/acme/%252557EB-INF/secret.txt",
    "/acme/%25252557EB-INF/secret.txt",
    "/acme//WEB-INF/secret.txt",
    "/acme///WEB-INF/secret.txt",
    "//acme/WEB-INF/secret.txt",
    "/acme/x/../WEB-INF/secret.txt",
    "/acme/./WEB-INF/secret.txt",
    "/acme/%2e/WEB-INF/secret.txt",
    "/acme/x/%2e%2e/WEB-INF/secret.txt",
    "/acme/x/..;/WEB-INF/secret.txt",
    "/acme/;x/WEB-INF/secret.txt",
    "/acme/;/WEB-INF/secret.txt",
    "/acme;/WEB-INF/secret.txt",
    "/acme;x=1/WEB-INF/secret.txt",
    "/acme/WEB-INF;x/secret.txt",
    "/acme/WEB-INF%3Bx/secret.txt",
    "/acme/WEB-INF./secret.txt",
    "/acme/WEB-INF%20/secret.txt",
    "/acme/%20WEB-INF/secret.txt",
    "/acme/WEB-INF::$INDEX_ALLOCATION/secret.txt",
    "/acme%2FWEB-INF%2Fsecret.txt",
    "/acme/%2FWEB-INF/secret.txt",
    "/acme/WEB-INF%2Fsecret.txt",
    "/acme/x%2F..%2FWEB-INF%2Fsecret.txt",
    "/acme/x/%252e%252e/WEB-INF/secret.txt",
    "/acme/%5CWEB-INF%5Csecret.txt",
    "/acme/x%5C..%5CWEB-INF/secret.txt",
    "/acme/WEB-INF%00/secret.txt",
    "/acme/%00/WEB-INF/secret.txt",
    "/acme/WEB-\u0131NF/secret.txt",
    "/acme/WEB-%C4%B1NF/secret.txt",
    "/acme/%c0%afWEB-INF/secret.txt",
    "/acme/%u0057EB-INF/secret.txt",
    "/x/../acme/WEB-INF/secret.txt",
    "/acme/a/WEB-INF/secret.txt",
  };

  private final StubApp app = new StubApp();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    app.close();
  }

  /** How strict Jetty is. */
  enum Jetty {
    /** As it comes. */
    STRICT,
    /** It lets all URIs pass to the application, as some are set up for old clients. */
    LENIENT
  }

  private void start(Jetty jetty) throws Exception {
    for (String name : new String[] {"WEB-INF", "META-INF", "web-inf", "a/WEB-INF", "open"}) {
      Files.createDirectories(folder.resolve(name));
      Files.writeString(folder.resolve(name).resolve("secret.txt"), "secret");
    }
    app.web.context().setBaseResourceAsPath(folder);
    if (jetty == Jetty.LENIENT) {
      app.web.lenient();
    }
    app.web.context().addServlet(DefaultServlet.class, "/");
    app.web
        .filter(
            UnitOfWorkFilter.builder(app.dataSource, TenantResolver.strippedPathSegment()).build())
        .start();
  }

  @ParameterizedTest
  @EnumSource
  void noFormOfAHiddenPathIsServed(Jetty jetty) throws Exception {
    start(jetty);

    assertThat(app.web.get("/acme/open/secret.txt").text()).isEqualTo("secret");
    for (String path : HIDDEN) {
      Answer answer = app.web.get(path);
      assertThat(answer.status()).as(path).isIn(400, 404);
      assertThat(answer.text()).as(path).doesNotContain("secret\n").isNotEqualTo("secret");
    }
    assertThat(app.stub.calls()).isEmpty();
  }

  private static StrippedPath of(String context, String uri, String path) {
    return StrippedPath.of(
        Mocks.request()
            .answers("getContextPath", context)
            .answers("getRequestURI", uri)
            .answers("getServletPath", path)
            .answers("getPathInfo", null));
  }

  @ParameterizedTest
  @CsvSource({
    "'', /acme/./notes, /acme/notes",
    "'', /acme/a/../notes, /acme/notes",
    "'', //acme/notes, /acme/notes",
    "'', /acme//notes, /acme/notes",
    "'', /;x/acme/notes, /acme/notes",
    "'', /acme%2Fb/notes, /acme/b/notes",
    "'', /acme/m%FCnchen, /acme/münchen",
    "'', /acme/%zz, /acme/%zz",
    "/ctx, /%63tx/acme/notes, /acme/notes",
    "/ctx, /./ctx/acme/notes, /acme/notes",
    "/ctx, /ctx, ''",
    "'', /acme/notes, /acme/notes/index.jsp",
    "'', /acme, /acme/index.jsp",
    "'', /, /acme",
  })
  void whatTheContainerReadsInAnotherWayIsRefused(String context, String uri, String path) {
    assertThatThrownBy(() -> of(context, uri, path)).isInstanceOf(PathRefusedException.class);
  }

  @Test
  void aPathThatIsEncodedAgainAndAgainIsRefused() {
    String text = "/acme/%" + "25".repeat(3000);
    assertThatThrownBy(() -> of("", text.replace("%", "%25"), text))
        .isInstanceOf(PathRefusedException.class);
  }

  @Test
  void aWelcomeFileIsNoOtherReading() {
    assertThat(of("", "/acme/", "/acme/index.jsp").rest()).isEqualTo("/");
    assertThat(of("", "/acme/help/", "/acme/help/index.jsp").rest()).isEqualTo("/help/");
  }

  @Test
  void signsOfPercentAreNoEscapes() {
    assertThat(of("", "/acme/100%25", "/acme/100%").rest()).isEqualTo("/100%25");
    assertThat(of("", "/acme/a%2520b", "/acme/a%20b").rest()).isEqualTo("/a%2520b");
    assertThat(of("", "/acme/%2524", "/acme/%24").rest()).isEqualTo("/%2524");
  }
}
