package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README says is what the code does. */
class ReadmeTest {

  /** The first column of a row, in backticks. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\|\\s*`([^`]+)`\\s*\\|");

  @Test
  void theTableOfInitParamsIsComplete() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    String begin = "<!-- init-params -->";
    String end = "<!-- /init-params -->";
    assertThat(readme).containsOnlyOnce(begin).containsOnlyOnce(end);
    String table = readme.substring(readme.indexOf(begin), readme.indexOf(end));

    List<String> keys = ROW.matcher(table).results().map(row -> row.group(1)).toList();

    assertThat(keys)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(InitParam.values()).map(InitParam::key).toList());
  }
}
