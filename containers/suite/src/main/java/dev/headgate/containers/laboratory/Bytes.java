package dev.headgate.containers.laboratory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes as a line of text: readable, and different for different bytes. */
final class Bytes {

  private static final int SHOWN = 1000;

  private Bytes() {}

  static String describe(byte[] bytes) {
    boolean all = bytes.length <= SHOWN;
    var text = new StringBuilder().append(bytes.length).append(" bytes: ");
    String shown = new String(bytes, 0, all ? bytes.length : SHOWN, StandardCharsets.ISO_8859_1);
    shown
        .chars()
        .forEach(
            c -> {
              if (c >= ' ' && c <= '~') {
                text.append((char) c);
              } else {
                text.append("\\x%02x".formatted(c));
              }
            });
    return all ? text.toString() : text + "… #" + Arrays.hashCode(bytes);
  }
}
