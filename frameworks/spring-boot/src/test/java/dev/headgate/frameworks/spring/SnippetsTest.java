package dev.headgate.frameworks.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents' Java, properties and XML: each block is in this module, and runs. */
class SnippetsTest {

  private static final Path DOCS = Path.of("../../docs");
  private static final Pattern BLOCK = Pattern.compile("```(\\w*)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern SNIPPET =
      Pattern.compile("// snippet\n(.*?)// end of snippet", Pattern.DOTALL);

  private record Block(String language, String text) {}

  @ParameterizedTest
  @CsvSource({"spring-boot.md, 12", "from-abstract-routing-data-source.md, 4"})
  void everyBlock_isInTheSources(String document, int count) throws IOException {
    List<Block> blocks = blocks(DOCS.resolve(document));
    assertThat(blocks).hasSize(count);
    for (Block block : blocks) {
      assertThat(sources(block.language()))
          .as("a source with %s", block)
          .anyMatch(source -> source.contains(withoutWhitespace(block.text())));
    }
  }

  private static List<Block> blocks(Path document) throws IOException {
    List<Block> found = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(Files.readString(document));
    while (matcher.find()) {
      found.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return found;
  }

  private static List<String> sources(String language) throws IOException {
    return switch (language) {
      case "java" -> snippets();
      case "properties" -> files(Path.of("src/main/resources"), ".properties");
      case "xml" -> List.of(file(Path.of("pom.xml")), file(Path.of("../../pom.xml")));
      default ->
          throw new AssertionError("a block in \"" + language + "\" is compared with nothing");
    };
  }

  private static List<String> snippets() throws IOException {
    List<String> found = new ArrayList<>();
    for (String file : List.of("src/main/java", "src/test/java")) {
      for (Path source : paths(Path.of(file), ".java")) {
        Matcher matcher = SNIPPET.matcher(Files.readString(source));
        while (matcher.find()) {
          found.add(withoutWhitespace(matcher.group(1)));
        }
      }
    }
    return found;
  }

  private static List<String> files(Path folder, String ending) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path path : paths(folder, ending)) {
      found.add(file(path));
    }
    return found;
  }

  private static String file(Path path) throws IOException {
    return withoutWhitespace(Files.readString(path));
  }

  private static List<Path> paths(Path folder, String ending) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.toString().endsWith(ending)).toList();
    }
  }

  private static String withoutWhitespace(String text) {
    return text.replaceAll("\\s+", "");
  }
}
