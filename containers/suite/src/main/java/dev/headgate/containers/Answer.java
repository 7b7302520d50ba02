package dev.headgate.containers;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server has answered. */
final class Answer {

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  /** Makes an answer whose headers are found whatever their case, if the map does so. */
  Answer(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  int status() {
    return status;
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Returns how many bytes the body has. */
  int length() {
    return body.length;
  }

  /** Returns the body, which has to be well-formed UTF-8. */
  String text() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("the body is not UTF-8", e);
    }
  }

  /** For the messages of assertions. */
  @Override
  public String toString() {
    return status + " " + headers + "\n" + new String(body, StandardCharsets.UTF_8);
  }
}
