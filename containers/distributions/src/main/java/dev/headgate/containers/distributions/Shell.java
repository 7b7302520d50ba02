package dev.headgate.containers.distributions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Commands in a shell, which gets nothing of this process's environment but its path. */
final class Shell {

  private final Process process;
  private final Path output;

  private Shell(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts commands, whose output goes to a new file. */
  static Shell start(String commands, Path output) throws IOException {
    var builder = new ProcessBuilder("sh", "-c", commands);
    Map<String, String> environment = builder.environment();
    String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
    String java = System.getProperty("java.home");
    environment.clear();
    environment.put("PATH", java + "/bin:" + path);
    environment.put("JAVA_HOME", java);
    // For servers that live for seconds, half the work is that of the second compiler.
    environment.put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    return new Shell(builder.start(), output);
  }

  /** Runs commands to their end; it is a failure if one of them fails. */
  static void run(String commands, Path output, Duration bound)
      throws IOException, InterruptedException {
    Shell shell = start("set -eu\n" + commands, output);
    shell.closeInput();
    if (!shell.hasEnded(bound)) {
      shell.kill();
      throw shell.failure("the commands took more than " + bound);
    }
    if (shell.status() != 0) {
      throw shell.failure("a command failed with status " + shell.status());
    }
  }

  void closeInput() throws IOException {
    process.getOutputStream().close();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Waits for the end, and returns whether it has come. */
  boolean hasEnded(Duration bound) throws InterruptedException {
    return process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
  }

  int status() {
    return process.exitValue();
  }

  /** Ends it and all that it has started. */
  void kill() {
    process
        .descendants()
        .forEach(
            started -> {
              started.destroyForcibly();
              started.onExit().join();
            });
    process.destroyForcibly().onExit().join();
  }

  String output() throws IOException {
    // Whatever bytes there are.
    return Files.readString(output, StandardCharsets.ISO_8859_1);
  }

  IllegalStateException failure(String what) throws IOException {
    return new IllegalStateException("%s, and wrote:%n%s".formatted(what, output()));
  }
}
