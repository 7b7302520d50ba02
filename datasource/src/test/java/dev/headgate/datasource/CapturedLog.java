package dev.headgate.datasource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What the tests' logger, which writes to standard error, says while this is open. */
final class CapturedLog implements AutoCloseable {

  private final String logger;
  private final PrintStream real = System.err;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private CapturedLog(Class<?> logger) {
    this.logger = logger.getName();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  static CapturedLog of(Class<?> logger) {
    return new CapturedLog(logger);
  }

  /** Returns the lines of the class's logger so far. */
  String text() {
    return String.join(
        "\n",
        bytes.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains(logger)).toList());
  }

  @Override
  public void close() {
    System.setErr(real);
  }
}
