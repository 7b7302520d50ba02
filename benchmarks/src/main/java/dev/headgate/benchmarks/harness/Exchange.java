package dev.headgate.benchmarks.harness;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A request, and the one answer that is right: each byte of it but the time in {@code Date}, which
 * always has the same length.
 */
public final class Exchange {

  private static final String DATE = "\r\nDate: ";

  private final byte[] request;
  private final byte[] answer;
  private final int dateBegin;
  private final int dateEnd;

  private Exchange(byte[] request, byte[] answer) {
    this.request = request;
    this.answer = answer;
    String text = new String(answer, StandardCharsets.ISO_8859_1);
    int date = text.indexOf(DATE);
    dateBegin = date < 0 ? 0 : date + DATE.length();
    dateEnd = date < 0 ? 0 : text.indexOf('\r', dateBegin);
  }

  /**
   * Sends a request, and takes the answer for the right one.
   *
   * @throws ProtocolException if it has another status
   */
  public static Exchange learn(int port, byte[] request, int status) throws IOException {
    try (HttpConnection connection = new HttpConnection(port)) {
      Exchange learnt = new Exchange(request, connection.send(request));
      if (!learnt.answer().startsWith("HTTP/1.1 %d ".formatted(status))) {
        throw new ProtocolException(
            "the status should be %d in: %s".formatted(status, learnt.answer()));
      }
      return learnt;
    }
  }

  byte[] request() {
    return request;
  }

  int length() {
    return answer.length;
  }

  /** Returns the answer, with no time in {@code Date}. */
  public String answer() {
    String text = new String(answer, StandardCharsets.ISO_8859_1);
    return text.substring(0, dateBegin) + text.substring(dateEnd);
  }

  /** Returns whether an answer begins with these bytes. */
  boolean beginsWith(byte[] bytes, int count) {
    int beforeDate = Math.min(count, dateBegin);
    int end = Math.min(count, answer.length);
    int afterDate = Math.min(end, dateEnd);
    return Arrays.equals(bytes, 0, beforeDate, answer, 0, beforeDate)
        && Arrays.equals(bytes, afterDate, end, answer, afterDate, end);
  }
}
