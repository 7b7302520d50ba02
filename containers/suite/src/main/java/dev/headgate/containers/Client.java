package dev.headgate.containers;

import dev.headgate.containers.laboratory.RawAnswer;
import dev.headgate.containers.laboratory.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server, for HTTP/1.1. It sends the {@code Host} header that it is told, which
 * Java's own client does not, and takes no response whose framing is not exact.
 */
final class Client implements AutoCloseable {

  private final RawClient connection;

  Client(int port) throws IOException {
    connection = new RawClient(port);
  }

  /**
   * Sends a request and reads the response.
   *
   * @param host the {@code Host} header
   * @param form the body, encoded as forms are, or null
   */
  Answer send(String method, String host, String target, @Nullable String form) throws IOException {
    return exchange(method, host, target, form);
  }

  /**
   * Sends the last request of the connection, which has to end after the response.
   *
   * @param headers further lines such as {@code Cookie: a=b}
   */
  Answer sendLast(
      String method, String host, String target, @Nullable String form, String... headers)
      throws IOException {
    String[] all = Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = "Connection: close";
    Answer answer = exchange(method, host, target, form, all);
    String rest = connection.readToEnd();
    if (!rest.equals(RawClient.END)) {
      throw new ProtocolException("after the response %s there is %s".formatted(answer, rest));
    }
    return answer;
  }

  private Answer exchange(
      String method, String host, String target, @Nullable String form, String... headers)
      throws IOException {
    var request = new StringBuilder();
    request.append("%s %s HTTP/1.1\r\nHost: %s\r\n".formatted(method, target, host));
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    byte[] body = new byte[0];
    if (form != null) {
      body = form.getBytes(StandardCharsets.UTF_8);
      request.append("Content-Type: application/x-www-form-urlencoded\r\n");
      request.append("Content-Length: %d\r\n".formatted(body.length));
    }
    request.append("\r\n");
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(request.toString().getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(body);
    return exact(connection.send(bytes.toByteArray()).receive(method));
  }

  private static Answer exact(RawAnswer answer) throws IOException {
    boolean whole =
        switch (answer.end()) {
          case WHOLE -> true;
          case CLOSED -> answer.isLast();
          default -> false;
        };
    if (!whole || !answer.head().get(0).matches("HTTP/1\\.1 [0-9]{3}( .*)?")) {
      throw new ProtocolException("not a whole response: " + answer);
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : answer.head().subList(1, answer.head().size())) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon);
      if (headers.put(name, line.substring(colon + 1).strip()) != null) {
        throw new ProtocolException("the header %s is there twice".formatted(name));
      }
    }
    return new Answer(answer.status(), headers, answer.body());
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
