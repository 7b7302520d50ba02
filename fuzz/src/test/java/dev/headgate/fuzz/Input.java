package dev.headgate.fuzz;

import java.nio.charset.StandardCharsets;

/** What the fuzzer has made, or a file of the corpus, as texts. */
public final class Input {

  private Input() {}

  /** Returns it as one text. */
  public static String text(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }

  /** Returns what stands before its last line feed; all of it, if there is none. */
  public static String head(byte[] input) {
    String text = text(input);
    int end = text.lastIndexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  /** Returns what stands behind its last line feed; nothing, if there is none. */
  public static String tail(byte[] input) {
    String text = text(input);
    int end = text.lastIndexOf('\n');
    return end < 0 ? "" : text.substring(end + 1);
  }
}
