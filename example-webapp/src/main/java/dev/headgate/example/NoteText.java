package dev.headgate.example;

import java.util.Optional;

/** The rules for what a note says. */
final class NoteText {

  /** How many code points a note may have. */
  static final int MAXIMUM = 1000;

  private NoteText() {}

  /** Returns the text of a note from what a user has sent, trimmed. */
  static String of(Optional<String> sent) throws BadRequestException {
    String text =
        sent.orElseThrow(
                () ->
                    new BadRequestException(
                        "The field \"text\" is missing: send the note in it, 1 to %s characters."
                            .formatted(MAXIMUM)))
            .strip();
    if (text.isEmpty()) {
      throw new BadRequestException(
          "The note is empty: write 1 to %s characters.".formatted(MAXIMUM));
    }
    int length = text.codePointCount(0, text.length());
    if (length > MAXIMUM) {
      throw new BadRequestException(
          "The note is too long: it has %s characters (Unicode code points), and %s are allowed."
              .formatted(length, MAXIMUM));
    }
    if (text.indexOf('\0') >= 0) {
      // PostgreSQL can't store it in a text.
      throw new BadRequestException("The note has a NUL character (U+0000): leave it out.");
    }
    return text;
  }
}
