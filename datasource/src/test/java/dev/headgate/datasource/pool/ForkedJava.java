package dev.headgate.datasource.pool;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM of its own, with the class path of the tests, for what would disturb others in this one.
 */
public final class ForkedJava {

  /** Module directory, in which Maven and IDEs start the tests. */
  private static final Path MODULE = Path.of("").toAbsolutePath();

  private ForkedJava() {}

  /** Returns the class path of the tests, as files. */
  public static List<Path> classPath() {
    // Surefire has the tests' own classes in neither, since it patches them into the module.
    return Stream.of(
            MODULE.resolve("target/test-classes").toString(),
            MODULE.resolve("target/classes").toString(),
            System.getProperty("jdk.module.path", ""),
            System.getProperty("surefire.test.class.path", ""),
            System.getProperty("java.class.path", ""))
        .flatMap(paths -> Stream.of(paths.split(File.pathSeparator, -1)))
        .filter(path -> !path.isEmpty())
        .map(Path::of)
        .distinct()
        .toList();
  }

  static String joined(List<Path> paths) {
    return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * Runs Java until its end and returns all that it printed.
   *
   * @param directory where it runs and the output is kept, in {@code output.txt}
   * @param arguments options, main class and arguments
   * @throws AssertionError if it takes longer than the limit, or fails
   */
  public static String run(
      Path directory, List<Path> classPath, Duration limit, List<String> arguments)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path output = directory.resolve("output.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (!classPath.isEmpty()) {
      command.addAll(List.of("-cp", joined(classPath)));
    }
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("no end after %s, see %s".formatted(limit, output));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new AssertionError("exit %d:%n%s".formatted(process.exitValue(), printed));
    }
    return printed;
  }
}
