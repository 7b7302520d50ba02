package dev.headgate.filter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** One exchange with a server on the loopback, seen byte by byte. */
final class Wire implements AutoCloseable {

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Socket socket;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  private Wire(Socket socket) {
    this.socket = socket;
  }

  /**
   * Sends a request with an empty body.
   *
   * @param headers lines such as {@code Tenant: acme}
   */
  static Wire send(int port, String method, String path, String... headers) {
    return send(port, method, path, "", headers);
  }

  /** Sends a form that is encoded already. */
  static Wire post(int port, String path, String form, String... headers) {
    String[] all = Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = "Content-Type: application/x-www-form-urlencoded";
    return send(port, "POST", path, form, all);
  }

  private static Wire send(int port, String method, String path, String body, String... headers) {
    StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    boolean host = false;
    for (String header : headers) {
      host |= header.startsWith("Host:");
      text.append(header).append("\r\n");
    }
    if (!host) {
      text.append("Host: localhost:").append(port).append("\r\n");
    }
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    text.append("Connection: close\r\nContent-Length: " + length + "\r\n\r\n").append(body);
    return raw(port, text.toString());
  }

  /** Sends a request as it is given. */
  static Wire raw(int port, String request) {
    try {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new Wire(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a text has come, and returns all that came until then. */
  String until(String text) {
    try {
      socket.setSoTimeout((int) LONGEST.toMillis());
      while (!received.toString(StandardCharsets.UTF_8).contains(text)) {
        int next = socket.getInputStream().read();
        if (next < 0) {
          throw new AssertionError(
              "\"%s\" did not come, but \"%s\""
                  .formatted(text, received.toString(StandardCharsets.UTF_8)));
        }
        received.write(next);
      }
      return received.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end of the connection, however that looks, and returns what came. */
  byte[] bytes() {
    try {
      socket.setSoTimeout((int) LONGEST.toMillis());
      socket.getInputStream().transferTo(received);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection did not end", e);
    } catch (IOException e) {
      // Reset: this is an end, too.
    }
    return received.toByteArray();
  }

  /** Returns whether nothing has come, nor comes for this long. */
  boolean isSilentFor(Duration time) {
    return received.size() == 0 && saysNoMoreFor(time);
  }

  /** Returns whether nothing comes for this long. */
  boolean saysNoMoreFor(Duration time) {
    try {
      socket.setSoTimeout((int) time.toMillis());
      int next = socket.getInputStream().read();
      if (next >= 0) {
        received.write(next);
      }
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end of the connection. */
  Answer answer() {
    try {
      socket.setSoTimeout((int) LONGEST.toMillis());
      InputStream in = socket.getInputStream();
      in.transferTo(received);
      return Answer.parse(received.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
