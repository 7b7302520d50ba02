package dev.headgate.containers.distributions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of a section of {@code docs/containers.md}, for a shell.
 *
 * @param layOut what is to be done once
 * @param start what starts the container in the foreground
 */
record Guide(String layOut, String start) {

  private static final Path DOCUMENT = Path.of("..", "..", "docs", "containers.md");

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

  private static final Pattern ASSIGNMENT = Pattern.compile("((?:export )?([A-Z_]+)=)\\S+");

  /** Reads the section with other values of its variables, which have to be all of them. */
  static Guide read(String heading, Map<String, String> values) throws IOException {
    List<String> blocks =
        BLOCK.matcher(section(heading)).results().map(block -> block.group(1)).toList();
    if (blocks.size() != 3) {
      throw new IllegalStateException(
          "\"%s\" in %s has %d blocks of commands instead of 3: variables, what to do once, the start"
              .formatted(heading, DOCUMENT, blocks.size()));
    }
    String variables = assign(blocks.get(0), values);
    return new Guide(variables + blocks.get(1), variables + blocks.get(2));
  }

  private static String section(String heading) throws IOException {
    Matcher section =
        Pattern.compile("(?ms)^### " + Pattern.quote(heading) + "$(.*?)(?=^##|\\z)")
            .matcher(Files.readString(DOCUMENT));
    if (!section.find()) {
      throw new IllegalStateException("%s has no section \"%s\"".formatted(DOCUMENT, heading));
    }
    return section.group(1);
  }

  private static String assign(String block, Map<String, String> values) {
    List<String> names = new ArrayList<>();
    String assigned =
        ASSIGNMENT
            .matcher(block)
            .replaceAll(
                found -> {
                  names.add(found.group(2));
                  return Matcher.quoteReplacement(assignment(found, values));
                });
    if (names.size() != values.size() || !values.keySet().containsAll(names)) {
      throw new IllegalStateException(
          "the variables in %s are %s, and the test has values for %s"
              .formatted(DOCUMENT, names, values.keySet()));
    }
    return assigned;
  }

  private static String assignment(MatchResult found, Map<String, String> values) {
    return "%s'%s'".formatted(found.group(1), values.get(found.group(2)));
  }
}
