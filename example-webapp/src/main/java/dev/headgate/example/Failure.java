package dev.headgate.example;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ways in which storing a note can be made to fail, to show what becomes of the note. */
enum Failure {

  /** An exception after the note was inserted: rolled back. */
  AFTER_INSERT("after-insert"),

  /** An answer with an error status after the note was inserted: rolled back. */
  STATUS("status"),

  /**
   * A duplicate key after the note was inserted, whose exception is swallowed: rolled back where
   * the database gives up the whole transaction for it, as PostgreSQL does.
   */
  SWALLOW("swallow"),

  /** A constraint that is checked at COMMIT and fails there: rolled back. */
  COMMIT("commit");

  private final String name;

  Failure(String name) {
    this.name = name;
  }

  /** Returns the failure that a user asked for, or none. */
  static Optional<Failure> named(Optional<String> sent) throws BadRequestException {
    if (sent.isEmpty()) {
      return Optional.empty();
    }
    for (Failure failure : values()) {
      if (failure.name.equals(sent.get())) {
        return Optional.of(failure);
      }
    }
    throw new BadRequestException(
        "There is no such \"fail\". There are: %s."
            .formatted(
                Arrays.stream(values())
                    .map(failure -> failure.name)
                    .collect(Collectors.joining(", "))));
  }
}
