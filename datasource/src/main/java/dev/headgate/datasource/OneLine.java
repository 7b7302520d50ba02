package dev.headgate.datasource;

import java.util.regex.Pattern;

/** What others have written, as a log may have it: on one line. */
final class OneLine {

  /** What ends a line somewhere, or turns its direction. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

  private OneLine() {}

  /** Returns a text with a blank for whatever could end its line. */
  static String of(String text) {
    return CONTROL.matcher(text).replaceAll(" ");
  }
}
