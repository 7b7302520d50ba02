package dev.headgate.filter;

/** A text of a client as a log may have it: on one line, and not too long. */
final class OneLine {

  private static final int LONGEST = 200;

  private OneLine() {}

  /** Returns a text with a question mark for each character that is not printable ASCII. */
  static String of(String text) {
    // Beyond ASCII some end a line, and some turn its direction.
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    String line = shown.replaceAll("[^\\x20-\\x7E]", "?");
    return shown.length() < text.length() ? line + "..." : line;
  }
}
