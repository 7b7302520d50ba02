package dev.headgate.filter;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a client got, as it came over the wire. */
final class Answer {

  private final int status;
  private final Map<String, List<String>> headers;
  private final byte[] body;

  private Answer(int status, Map<String, List<String>> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** Reads one final response from all the bytes that came until the end of the connection. */
  static Answer parse(byte[] bytes) {
    int end = indexOf(bytes, 0, "\r\n\r\n");
    if (end < 0) {
      throw new AssertionError(
          "no whole response: \"" + new String(bytes, StandardCharsets.ISO_8859_1) + "\"");
    }
    String[] lines = new String(bytes, 0, end, StandardCharsets.ISO_8859_1).split("\r\n", -1);
    int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
    if (status < 200) {
      return parse(Arrays.copyOfRange(bytes, end + 4, bytes.length));
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : Arrays.asList(lines).subList(1, lines.length)) {
      int colon = line.indexOf(':');
      headers
          .computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
          .add(line.substring(colon + 1).trim());
    }
    byte[] rest = Arrays.copyOfRange(bytes, end + 4, bytes.length);
    boolean chunked = headers.containsKey("Transfer-Encoding");
    return new Answer(status, headers, chunked ? unchunked(rest) : rest);
  }

  private static byte[] unchunked(byte[] bytes) {
    byte[] whole = new byte[0];
    int at = 0;
    while (true) {
      int lineEnd = indexOf(bytes, at, "\r\n");
      if (lineEnd < 0) {
        throw new AssertionError("the response was cut off after " + whole.length + " bytes");
      }
      String line = new String(bytes, at, lineEnd - at, StandardCharsets.ISO_8859_1);
      int length = Integer.parseInt(line.toUpperCase(Locale.ROOT), 16);
      if (length == 0) {
        return whole;
      }
      int before = whole.length;
      whole = Arrays.copyOf(whole, before + length);
      System.arraycopy(bytes, lineEnd + 2, whole, before, length);
      at = lineEnd + 2 + length + 2;
    }
  }

  private static int indexOf(byte[] bytes, int from, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = from; i <= bytes.length - wanted.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  int status() {
    return status;
  }

  /** By name, whatever the case of its letters. */
  Map<String, List<String>> headers() {
    return headers;
  }

  byte[] body() {
    return body.clone();
  }

  /** Returns the only value of a header, or null without it. */
  String header(String name) {
    List<String> values = headers.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new AssertionError(name + " is there more than once: " + values);
    }
    return values.isEmpty() ? null : values.get(0);
  }

  String text() {
    return text(StandardCharsets.UTF_8);
  }

  String text(Charset charset) {
    return new String(body, charset);
  }

  @Override
  public String toString() {
    return status + " " + headers + " " + text(StandardCharsets.ISO_8859_1);
  }
}
