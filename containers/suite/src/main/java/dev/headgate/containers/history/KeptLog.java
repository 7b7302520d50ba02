package dev.headgate.containers.history;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * Keeps the beginning of what is logged away from the console, since failures are what a run is
 * about; and shows it if it has found something.
 */
final class KeptLog implements AutoCloseable {

  private static final int MOST = 200_000;

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream kept =
      new ByteArrayOutputStream() {
        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
          super.write(bytes, offset, Math.min(length, Math.max(0, MOST - count)));
        }
      };

  KeptLog() {
    System.setErr(new PrintStream(kept, true, StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    System.setErr(before);
  }

  /** Returns the messages without their stack traces. */
  @Override
  public String toString() {
    return kept.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("["))
        .collect(Collectors.joining("\n"));
  }
}
