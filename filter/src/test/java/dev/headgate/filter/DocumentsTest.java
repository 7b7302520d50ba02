package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.faults.StubDatabase;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents say is what the code does: their Java runs in a test, their links lead on. */
class DocumentsTest {

  private static final Path ROOT = Path.of("..");
  private static final Path CONFIGURATION = ROOT.resolve("docs/configuration.md");

  private static final Pattern JAVA = Pattern.compile("(?s) *```java\n(.*?)```");
  private static final Pattern XML = Pattern.compile("(?s)```xml\n(.*?)```");
  private static final Pattern SNIPPET =
      Pattern.compile("(?s)// snippet\n(.*?)\n *// end of snippet");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");
  private static final Pattern PARAM =
      Pattern.compile("<param-name>(.*?)</param-name>\\s*<param-value>(.*?)</param-value>");

  /** The first column of a row, in backticks. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\|\\s*`([^`]+)`\\s*\\|");

  static List<Path> documents() throws IOException {
    List<Path> all =
        new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("SECURITY.md")));
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(all::add);
    }
    return all;
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  /** Leaves out what depends on how deeply a snippet is indented: where its lines break, too. */
  private static String withoutSpace(String code) {
    return code.replaceAll("\\s+", "");
  }

  /** Returns what stands between the marks of a snippet, in all sources. */
  private static Set<String> snippets() throws IOException {
    Set<String> all = new HashSet<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .forEach(file -> found(SNIPPET, read(file)).forEach(code -> all.add(withoutSpace(code))));
    }
    return all;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void theJavaOfADocument_isASnippetOfATest(Path document) throws IOException {
    Set<String> snippets = snippets();
    for (String block : found(JAVA, read(document))) {
      assertThat(snippets.contains(withoutSpace(block))).as("is a snippet: %s", block).isTrue();
    }
  }

  @Test
  void blocksAndSnippetsAreFound() throws IOException {
    assertThat(found(JAVA, read(ROOT.resolve("README.md")))).hasSizeGreaterThan(3);
    assertThat(snippets()).hasSizeGreaterThan(20);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void theLinksOfADocument_leadToFiles(Path document) {
    for (String link : found(LINK, read(document))) {
      if (!link.startsWith("http")) {
        String file = link.replaceFirst("#.*", "");
        assertThat(file.isEmpty() ? document : document.resolveSibling(file)).as(link).exists();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void theAnchorsOfADocument_areHeadings(Path document) {
    for (String link : found(LINK, read(document))) {
      int hash = link.indexOf('#');
      if (!link.startsWith("http") && hash >= 0) {
        Path target = hash == 0 ? document : document.resolveSibling(link.substring(0, hash));
        assertThat(read(target).lines().filter(line -> line.startsWith("#")))
            .as(link)
            .anyMatch(heading -> anchor(heading).equals(link.substring(hash + 1)));
      }
    }
  }

  private static String anchor(String heading) {
    return heading
        .replaceFirst("#+ ", "")
        .toLowerCase(java.util.Locale.ROOT)
        .replaceAll("[^\\w -]", "")
        .replace(' ', '-');
  }

  @Test
  void theTestsThatSecurityNames_areThere() throws IOException {
    List<String> tests =
        found(Pattern.compile("`(\\w+(?:Test|Contract))`"), read(ROOT.resolve("SECURITY.md")));
    assertThat(tests).hasSizeGreaterThan(10);
    try (Stream<Path> files = Files.walk(ROOT)) {
      Set<String> sources = new HashSet<>();
      files.forEach(file -> sources.add(file.getFileName().toString()));
      assertThat(sources).containsAll(tests.stream().map(test -> test + ".java").toList());
    }
  }

  @Test
  void theTableOfInitParams_isComplete() {
    String document = read(CONFIGURATION);
    String begin = "<!-- init-params -->";
    String end = "<!-- /init-params -->";
    assertThat(document).containsOnlyOnce(begin).containsOnlyOnce(end);
    String table = document.substring(document.indexOf(begin), document.indexOf(end));

    assertThat(found(ROW, table))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(InitParam.values()).map(InitParam::key).toList());
  }

  @Test
  void theTimeoutsOfTheFilter_areThoseOfTheTable() {
    assertThat(found(Pattern.compile("`(?:retry-after|async.limit)` \\| `([^`]+)`"), timeouts()))
        .containsExactly(
            UnitOfWorkFilter.Builder.RETRY_AFTER.toString(),
            UnitOfWorkFilter.Builder.ASYNC_LIMIT.toString(),
            AsyncLimit.GRACE.toString());
  }

  private static String timeouts() {
    String document = read(CONFIGURATION);
    return document.substring(
        document.indexOf("<!-- timeouts -->"), document.indexOf("<!-- /timeouts -->"));
  }

  /** What stands in both tables of docs/configuration.md is the same in both. */
  @Test
  void theTimeoutsOfTheTable_areThoseOfTheSettings() {
    String document = read(CONFIGURATION);
    Map<String, String> settings = new LinkedHashMap<>();
    Pattern.compile("(?m)^\\| `([^`]+)` \\|.*\\| `([^`]+)` \\|$")
        .matcher(document)
        .results()
        .forEach(row -> settings.put(row.group(1), row.group(2)));
    Map<String, String> timeouts = new LinkedHashMap<>();
    Pattern.compile("\\| `([^`]+)` \\| `([^`]+)` \\|")
        .matcher(timeouts())
        .results()
        .forEach(row -> timeouts.put(row.group(1), row.group(2)));
    assertThat(timeouts).hasSizeGreaterThan(10);
    assertThat(settings).containsAllEntriesOf(timeouts);
  }

  /** The filter of docs/configuration.md for one database, by its init-params. */
  private static FilterHolder oneDatabase(Map<String, String> inPlaceOf) {
    List<String> blocks = found(XML, read(CONFIGURATION));
    assertThat(blocks).hasSize(1);
    Map<String, String> params = new LinkedHashMap<>();
    PARAM
        .matcher(blocks.get(0))
        .results()
        .forEach(param -> params.put(param.group(1), param.group(2)));
    assertThat(params).containsOnlyKeys("database.url", "database.password");
    params.putAll(inPlaceOf);
    FilterHolder holder = new FilterHolder(UnitOfWorkFilter.class);
    holder.setInitParameters(params);
    return holder;
  }

  @Test
  void theTwoInitParamsForOneDatabase_areEnough() throws Exception {
    StubDatabase stub = StubDatabase.create(UUID.randomUUID().toString());
    try (stub;
        Web web = new Web()) {
      web.filter(oneDatabase(Map.of("database.url", stub.url(), "database.password", "secret")))
          .servlet(
              "/*",
              (request, response) ->
                  UnitOfWorkFilter.dataSource(request.getServletContext())
                      .getConnection()
                      .createStatement()
                      .execute("INSERT a"))
          .start();
      assertThat(web.get("/").status()).isEqualTo(200);
      assertThat(stub.committed()).containsExactly("a");
    }
  }

  @Test
  void withoutTheVariableOfThePassword_theStartStops_andNamesIt() {
    try (Web web = new Web()) {
      web.filter(oneDatabase(Map.of()));
      assertThatThrownBy(web::start)
          .isInstanceOf(ServletException.class)
          .hasMessageContaining(
              "init-param database.password: the environment variable DB_PASSWORD is not set");
    }
  }
}
