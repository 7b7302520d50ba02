package dev.headgate.containers.laboratory;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server has sent in answer to one request.
 *
 * @param head the status and the headers, in their order
 * @param frames the body as it was framed, which is up to flow control
 * @param trailers those after the body
 * @param failure what was wrong with its end, such as {@code RST_STREAM 8}, or null
 */
public record Http2Answer(
    List<String> head, List<byte[]> frames, List<String> trailers, @Nullable String failure) {

  /** Returns the body, without its framing. */
  public byte[] body() {
    var body = new ByteArrayOutputStream();
    frames.forEach(body::writeBytes);
    return body.toByteArray();
  }

  /** For the messages of assertions, and to compare: a long body by its hash, at the end. */
  @Override
  public String toString() {
    var text = new StringBuilder(String.join("\n", head));
    text.append('\n').append(Bytes.describe(body()));
    trailers.forEach(trailer -> text.append("\ntrailer ").append(trailer));
    return text.append("\n(").append(failure == null ? "whole" : failure).append(')').toString();
  }
}
