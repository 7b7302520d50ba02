package dev.headgate.frameworks.modules;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The application, started from the packaged jars in a JVM of its own. */
final class Application {

  private static final String MODULE = "dev.headgate.frameworks.modules";
  private static final String MAIN_CLASS = MODULE + ".Main";

  /** What Hibernate needs; its jar has no descriptor that would say so. */
  private static final String OF_HIBERNATE =
      "jakarta.transaction,jakarta.xml.bind,net.bytebuddy,org.jboss.logging";

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private Application() {}

  /** Returns the application's jar and all that it needs. */
  static List<Path> jars() throws IOException {
    Path application = Path.of(System.getProperty("headgate.application.jar"));
    try (Stream<Path> needed = Files.list(Path.of(System.getProperty("headgate.jars")))) {
      return Stream.concat(Stream.of(application), needed.sorted()).toList();
    }
  }

  /** Returns what it printed with all jars on the module path. */
  static List<String> onTheModulePath(Path folder, String url) throws Exception {
    return run(
        folder,
        List.of(
            "--module-path",
            path(),
            "--add-modules",
            OF_HIBERNATE,
            "--module",
            MODULE + "/" + MAIN_CLASS,
            url));
  }

  /** Returns what it printed with all jars on the class path. */
  static List<String> onTheClassPath(Path folder, String url) throws Exception {
    return run(folder, List.of("--class-path", path(), MAIN_CLASS, url));
  }

  private static String path() throws IOException {
    return String.join(File.pathSeparator, jars().stream().map(Path::toString).toList());
  }

  private static List<String> run(Path folder, List<String> arguments) throws Exception {
    Path printed = folder.resolve("output.txt");
    Path log = folder.resolve("log.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(printed.toFile())
            .redirectError(log.toFile())
            .start();
    try {
      if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("no end after %s:%n%s".formatted(LIMIT, Files.readString(log)));
      }
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new AssertionError(
          "exit %d:%n%s".formatted(process.exitValue(), Files.readString(log)));
    }
    return Files.readAllLines(printed, StandardCharsets.UTF_8);
  }
}
