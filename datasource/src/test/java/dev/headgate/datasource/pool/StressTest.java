package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headgate.datasource.TurnStress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.annotations.JCStressTest;

/**
 * Has jcstress run all of this module's classes for it at once, since it takes seconds to start:
 * shortly in every build, for some minutes with {@code -Dheadgate.stress=true}.
 */
@Tag("long")
final class StressTest {

  private static final List<Class<?>> STRESSED =
      List.of(
          LeaseCountStress.class,
          PhysicalConnectionStress.class,
          SeatsStress.class,
          StandbyStress.class,
          StandingDownStress.class,
          TurnStress.class);

  private static final Path DIRECTORY = Path.of("target", "jcstress").toAbsolutePath();
  private static final List<Path> CLASS_PATH = classPath();
  private static final boolean LONG = Boolean.getBoolean("headgate.stress");

  @Test
  void twoThreads_neverSeeAForbiddenResult() throws IOException, InterruptedException {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "jcstress needs two processors");
    Path runners = Files.createDirectories(DIRECTORY.resolve("runners"));
    generate(runners);
    List<Path> classPath = new ArrayList<>(CLASS_PATH);
    classPath.add(runners);

    List<String> arguments =
        new ArrayList<>(
            List.of(
                // For jcstress's own many short-lived JVMs; those that run tests inherit them.
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "org.openjdk.jcstress.Main",
                "-r",
                "report",
                "-jvmArgs",
                "-XX:TieredStopAtLevel=4"));
    arguments.addAll(List.of("-m", "quick", "-af", "NONE", "-iters", LONG ? "15" : "2"));
    // One compilation mode, since all that is shared is behind atomic variables and locks.
    arguments.addAll(List.of("-time", "50", "-sc", "false", "-pth", "false"));
    String output =
        ForkedJava.run(DIRECTORY, classPath, Duration.ofMinutes(LONG ? 30 : 3), arguments);

    String results = output.substring(Math.max(0, output.indexOf("RUN RESULTS:")));
    assertThat(results)
        .contains(
            "Failed tests: No matches.",
            "Error tests: No matches.",
            "All remaining tests: %d matching test results.".formatted(tests().size()));
  }

  /** Returns only what jcstress needs, since it looks through all of it. */
  private static List<Path> classPath() {
    Pattern needed = Pattern.compile("(test-)?classes|(jcstress|jopt|jna|HikariCP|slf4j)-.*[.]jar");
    return ForkedJava.classPath().stream()
        .filter(path -> needed.matcher(path.getFileName().toString()).matches())
        .toList();
  }

  private static List<String> tests() {
    return STRESSED.stream()
        .flatMap(type -> Stream.of(type.getDeclaredClasses()))
        .filter(type -> type.isAnnotationPresent(JCStressTest.class))
        .map(Class::getCanonicalName)
        .toList();
  }

  /** Has jcstress's annotation processor write and compile its runners, from the compiled tests. */
  private static void generate(Path target) throws IOException, InterruptedException {
    String classPath = ForkedJava.joined(CLASS_PATH);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-m",
                "jdk.compiler/com.sun.tools.javac.Main",
                "-cp",
                classPath,
                "-processorpath",
                classPath,
                "-processor",
                "org.openjdk.jcstress.infra.processors.JCStressTestProcessor",
                "-d",
                target.toString()));
    arguments.addAll(tests());
    ForkedJava.run(target, List.of(), Duration.ofMinutes(1), arguments);
  }
}
