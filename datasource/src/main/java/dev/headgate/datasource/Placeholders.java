package dev.headgate.datasource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts values from outside into texts of a configuration, so that no password has to stand there:
 * environment variables for <code>${env:NAME}</code>, and the contents of files, without a line end
 * at their end, for <code>${file:/PATH}</code>. <code>$${</code> stands for <code>${</code> itself.
 */
final class Placeholders {

  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\$\\{|\\$\\{(?:(\\w+):([^}]*)\\})?");

  private final Function<String, @Nullable String> environment;
  private final Set<Path> files = new LinkedHashSet<>();

  Placeholders(Function<String, @Nullable String> environment) {
    this.environment = environment;
  }

  static Placeholders ofSystem() {
    return new Placeholders(System::getenv);
  }

  /** Returns the files that were asked for so far, missing ones included. */
  Set<Path> files() {
    return files;
  }

  /**
   * Returns a text with the values in it.
   *
   * @throws IllegalArgumentException if a placeholder is malformed or its value missing; the
   *     message has nothing else of the text, which may be a password
   */
  String expand(String text) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    StringBuilder expanded = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(
          expanded,
          Matcher.quoteReplacement(
              matcher.group().equals("$${") ? "${" : value(matcher.group(1), matcher.group(2))));
    }
    return matcher.appendTail(expanded).toString();
  }

  private String value(@Nullable String kind, @Nullable String name) {
    if (kind != null && name != null && !name.isEmpty()) {
      if (kind.equals("env")) {
        return variable(name);
      }
      if (kind.equals("file")) {
        return content(name);
      }
    }
    throw new IllegalArgumentException(
        "has a ${ that begins neither ${env:NAME} nor ${file:/PATH}; write $${ for the characters"
            + " themselves");
  }

  private String variable(String name) {
    String value = environment.apply(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(
          "the environment variable %s is %s".formatted(name, value == null ? "not set" : "empty"));
    }
    return value;
  }

  private String content(String name) {
    try {
      Path file = Path.of(name);
      if (!file.isAbsolute()) {
        throw new IllegalArgumentException(
            "the file %s: its path has to be absolute".formatted(name));
      }
      files.add(file);
      String content = Files.readString(file).replaceFirst("\\r?\\n\\z", "");
      if (content.isEmpty()) {
        throw new IllegalArgumentException("the file %s is empty".formatted(name));
      }
      return content;
    } catch (InvalidPathException | IOException e) {
      throw new IllegalArgumentException("the file %s can't be read: %s".formatted(name, e), e);
    }
  }
}
