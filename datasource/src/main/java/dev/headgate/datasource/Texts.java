package dev.headgate.datasource;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.function.Supplier;

/** Reads values as texts of a configuration have them. */
final class Texts {

  private Texts() {}

  static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("%s: not a whole number".formatted(text), e);
    }
  }

  static Duration duration(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s: not a duration as in ISO 8601, such as PT3S".formatted(text), e);
    }
  }

  static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("%s: neither true nor false".formatted(text));
    };
  }

  /** Reads something, and names its key should it be refused. */
  static <T> T keyed(String key, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%s: %s".formatted(key, e.getMessage()), e);
    }
  }
}
