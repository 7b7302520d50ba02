package dev.headgate.containers.distributions;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** A server in a process of its own, which is ended when this JVM ends, in whatever way. */
final class Server {

  private final Shell shell;

  private Server(Shell shell) {
    this.shell = shell;
  }

  /** Starts a server with the last of the commands. */
  static Server start(String commands, Path output) throws IOException {
    // The shell's input is a pipe from this JVM. It ends when it is closed, and when the JVM is
    // killed, and then the server is terminated.
    String untilInputEnds =
        """
        exec 3<&0
        %s 3<&- </dev/null &
        server=$!
        { read -r end <&3; kill -TERM "$server"; } 2>/dev/null &
        watch=$!
        wait "$server"
        status=$?
        kill "$watch" 2>/dev/null
        exit "$status"
        """
            .formatted(commands.strip());
    return new Server(Shell.start(untilInputEnds, output));
  }

  /** Waits until something is in the output. If that does not happen, the server is ended. */
  Matcher awaitOutput(Pattern expected, Duration bound) throws IOException {
    try {
      await()
          .atMost(bound)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !shell.isRunning() || expected.matcher(shell.output()).find());
    } catch (ConditionTimeoutException e) {
      shell.kill();
      throw shell.failure("the server was not ready in " + bound);
    }
    Matcher matcher = expected.matcher(shell.output());
    if (!matcher.find()) {
      throw shell.failure("the server ended with status " + shell.status());
    }
    return matcher;
  }

  String output() throws IOException {
    return shell.output();
  }

  /** Terminates the server and waits for its end. One that does not end is killed. */
  void stop(Duration bound) throws IOException, InterruptedException {
    shell.closeInput();
    if (!shell.hasEnded(bound)) {
      shell.kill();
      throw shell.failure("the server did not stop in " + bound);
    }
  }
}
