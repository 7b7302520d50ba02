package dev.headgate.containers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server, for HTTP/1.1. It sends the {@code Host} header that it is told, which
 * Java's own client does not, and takes no response whose framing is not exact.
 */
final class Client implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 30_000;

  private final Socket socket;
  private final InputStream in;

  Client(int port) throws IOException {
    socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
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
    if (in.read() >= 0) {
      throw new ProtocolException("there is something after the response " + answer);
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
    socket.getOutputStream().write(bytes.toByteArray());
    return receive(method);
  }

  private Answer receive(String method) throws IOException {
    String line = line();
    if (!line.matches("HTTP/1\\.1 [0-9]{3}( .*)?")) {
      throw new ProtocolException("not a status line: " + line);
    }
    int status = Integer.parseInt(line.substring(9, 12));
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon);
      if (headers.put(name, line.substring(colon + 1).strip()) != null) {
        throw new ProtocolException("the header %s is there twice".formatted(name));
      }
    }
    boolean bodiless = method.equals("HEAD") || status == 204 || status == 304;
    return new Answer(status, headers, bodiless ? new byte[0] : body(headers));
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    String length = headers.get("Content-Length");
    String encoding = headers.get("Transfer-Encoding");
    if (encoding != null && length == null && encoding.toLowerCase(Locale.ROOT).equals("chunked")) {
      return chunks();
    }
    if (length != null && encoding == null) {
      return exactly(Integer.parseInt(length));
    }
    if (length == null && "close".equals(headers.get("Connection"))) {
      return in.readAllBytes();
    }
    throw new ProtocolException("no telling where the body ends: " + headers);
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      byte[] chunk = exactly(Integer.parseInt(line(), 16));
      body.writeBytes(chunk);
      if (!line().isEmpty()) {
        throw new ProtocolException("a chunk does not end where it said");
      }
      if (chunk.length == 0) {
        return body.toByteArray();
      }
    }
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("%d of %d bytes".formatted(bytes.length, length));
    }
    return bytes;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the response ends inside a line: " + line);
      }
      line.write(next);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    if (!text.endsWith("\r")) {
      throw new ProtocolException("a line does not end with CR LF: " + text);
    }
    return text.substring(0, text.length() - 1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
