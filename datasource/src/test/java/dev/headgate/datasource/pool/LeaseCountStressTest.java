package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Runs {@link LeaseCountStress}: shortly in every build, for some minutes with {@code
 * -Dheadgate.stress=true}.
 */
final class LeaseCountStressTest {

  private static final Path DIRECTORY = Path.of("target", "jcstress").toAbsolutePath();
  private static final boolean LONG = Boolean.getBoolean("headgate.stress");

  @Test
  void twoThreads_neverSeeAForbiddenResult() throws IOException, InterruptedException {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "jcstress needs two processors");
    Path runners = Files.createDirectories(DIRECTORY.resolve("runners"));
    generate(runners);
    List<Path> classPath = new ArrayList<>(ForkedJava.classPath());
    classPath.add(runners);

    List<String> arguments =
        new ArrayList<>(
            List.of("org.openjdk.jcstress.Main", "-t", "LeaseCountStress", "-r", "report"));
    if (LONG) {
      arguments.addAll(List.of("-m", "default"));
    } else {
      // One compilation mode, since all that is shared is behind one atomic variable.
      arguments.addAll(
          List.of("-m", "quick", "-iters", "3", "-sc", "false", "-jvmArgs", "-XX:+UseSerialGC"));
    }
    String output =
        ForkedJava.run(
            DIRECTORY, classPath, LONG ? Duration.ofMinutes(30) : Duration.ofSeconds(60), arguments);

    String results = output.substring(Math.max(0, output.indexOf("RUN RESULTS:")));
    assertThat(results)
        .contains("Failed tests: No matches.", "Error tests: No matches.")
        .containsPattern("All remaining tests: [0-9]+ matching test results.");
    for (Class<?> test : LeaseCountStress.class.getDeclaredClasses()) {
      assertThat(output).contains(test.getSimpleName());
    }
  }

  /** Has jcstress's annotation processor write and compile its runners, from the compiled tests. */
  private static void generate(Path target) throws IOException, InterruptedException {
    String classPath = ForkedJava.joined(ForkedJava.classPath());
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
    for (Class<?> test : LeaseCountStress.class.getDeclaredClasses()) {
      arguments.add(test.getCanonicalName());
    }
    ForkedJava.run(target, List.of(), Duration.ofMinutes(1), arguments);
  }
}
