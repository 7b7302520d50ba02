package dev.headgate.filter;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Failures are what most tests are about; their stack traces would hide those that matter. */
final class QuietLogs {

  /** Held here, since loggers that no one holds forget their level. */
  private static final List<Logger> LOGGERS =
      Stream.of(
              "org.eclipse.jetty",
              "dev.headgate",
              "com.zaxxer.hikari",
              "com.github.benmanes",
              "ch.vorburger",
              "io.zonky")
          .map(Logger::getLogger)
          .toList();

  private QuietLogs() {}

  static void on() {
    LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
  }
}
