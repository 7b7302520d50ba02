package dev.headgate.containers.distributions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(200);

  /** Says its process, and runs until it is killed. */
  private static final String ENDLESS = "sh -c 'echo \"process $$.\"; exec sleep 1000'";

  private static final Pattern PROCESS = Pattern.compile("process (\\d+)\\.");

  @TempDir private Path folder;
  private Path output;

  @BeforeEach
  void output() {
    output = folder.resolve("output");
  }

  private static ProcessHandle process(String output) {
    var matcher = PROCESS.matcher(output);
    assertThat(matcher.find()).as("%s", output).isTrue();
    return ProcessHandle.of(Long.parseLong(matcher.group(1))).orElseThrow();
  }

  @Test
  void stop_terminatesTheServerAndReturnsAfterItsEnd() throws Exception {
    Server server =
        Server.start(
            "sh -c 'trap \"echo ends; exit\" TERM; echo \"process $$.\"; while :; do sleep 0.05; done'",
            output);
    server.awaitOutput(PROCESS, LONG);
    ProcessHandle process = process(server.output());

    server.stop(LONG);

    assertThat(process.isAlive()).isFalse();
    assertThat(server.output()).endsWith("ends\n");
  }

  @Test
  void stop_killsAServerThatIgnoresIt() throws Exception {
    Server server =
        Server.start("sh -c 'trap \"\" TERM; echo \"process $$.\"; exec sleep 1000'", output);
    server.awaitOutput(PROCESS, LONG);
    ProcessHandle process = process(server.output());

    assertThatThrownBy(() -> server.stop(SHORT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("did not stop in PT0.2S")
        .hasMessageContaining("process " + process.pid());

    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void awaitOutput_aServerThatDoesNotGetReadyIsKilled() throws Exception {
    Server server = Server.start(ENDLESS, output);
    server.awaitOutput(PROCESS, LONG);
    ProcessHandle process = process(server.output());

    assertThatThrownBy(() -> server.awaitOutput(Pattern.compile("ready"), SHORT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not ready in PT0.2S")
        .hasMessageContaining("process " + process.pid());

    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void awaitOutput_doesNotWaitForAServerThatHasEnded() throws Exception {
    Server server = Server.start("sh -c 'echo why; exit 3'", output);

    assertThatThrownBy(() -> server.awaitOutput(Pattern.compile("ready"), LONG))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ended with status 3")
        .hasMessageContaining("why");
  }

  @Test
  void aServerEndsWhenItsJvmIsKilled() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Jvm.class.getName(),
                output.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = jvm.inputReader()) {
      ProcessHandle process = process(lines.readLine());
      assertThat(process.isAlive()).isTrue();

      jvm.destroyForcibly().waitFor();

      try {
        await().until(() -> !process.isAlive());
      } finally {
        process.destroyForcibly();
      }
    } finally {
      jvm.destroyForcibly().waitFor();
    }
  }

  /** Starts a server, says its process, and does nothing more. */
  static final class Jvm {

    private Jvm() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      Server server = Server.start(ENDLESS, Path.of(arguments[0]));
      server.awaitOutput(PROCESS, LONG);
      System.out.println(server.output());
      Thread.currentThread().join();
    }
  }
}
