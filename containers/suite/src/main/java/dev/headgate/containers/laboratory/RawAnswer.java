package dev.headgate.containers.laboratory;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What a server has sent in answer to one request, to the letter.
 *
 * @param head the status line and the headers, in their order, each without its line end
 * @param chunks the parts of the body as they were framed: the chunks, or all of it in one
 * @param trailers the lines after the last chunk
 * @param end how it ended
 */
public record RawAnswer(List<String> head, List<byte[]> chunks, List<String> trailers, End end) {

  /** How an answer ended. */
  public enum End {

    /** Its framing says that it is whole. */
    WHOLE,

    /** The connection was closed, which is how an answer without a length has to end. */
    CLOSED,

    /** The connection was closed in the middle of it. */
    CUT,

    /** The connection was reset. */
    RESET,

    /** It is not whole, and nothing comes any more. */
    OPEN
  }

  /** Returns whether nothing at all was sent. */
  public boolean isEmpty() {
    return head.isEmpty();
  }

  /** Returns the status, such as 200. */
  public int status() {
    return Integer.parseInt(head.get(0).substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
  }

  /** Returns the values of a header, in their order. */
  public List<String> headers(String name) {
    String start = name.toLowerCase(Locale.ROOT) + ":";
    return head.stream()
        .skip(1)
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
        .map(line -> line.substring(start.length()).strip())
        .toList();
  }

  /** Returns whether the connection is to be closed after it. */
  public boolean isLast() {
    List<String> connection = headers("Connection");
    return head.get(0).startsWith("HTTP/1.0")
        ? !connection.contains("keep-alive")
        : connection.contains("close");
  }

  /** Returns the body, without its framing. */
  public byte[] body() {
    var body = new ByteArrayOutputStream();
    chunks.forEach(body::writeBytes);
    return body.toByteArray();
  }

  /** Returns the body as UTF-8. */
  public String text() {
    return new String(body(), StandardCharsets.UTF_8);
  }

  /** For the messages of assertions, and to compare: a long body by its hash, at the end. */
  @Override
  public String toString() {
    var text = new StringBuilder(String.join("\n", head));
    for (byte[] chunk : chunks) {
      text.append('\n').append(Bytes.describe(chunk));
    }
    trailers.forEach(trailer -> text.append("\ntrailer ").append(trailer));
    return text.append("\n(").append(end).append(')').toString();
  }
}
