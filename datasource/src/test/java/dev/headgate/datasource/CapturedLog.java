package dev.headgate.datasource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What the tests' logger, which writes to standard error, says while this is open. */
public final class CapturedLog implements AutoCloseable {

  private final String logger;
  private final PrintStream real = System.err;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private CapturedLog(String logger) {
    this.logger = logger;
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  public static CapturedLog of(Class<?> logger) {
    return new CapturedLog(logger.getName());
  }

  static CapturedLog of(Package loggers) {
    return new CapturedLog(loggers.getName());
  }

  /** Returns the lines of the loggers so far. */
  public String text() {
    return String.join(
        "\n",
        bytes.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains(logger)).toList());
  }

  @Override
  public void close() {
    System.setErr(real);
  }
}
