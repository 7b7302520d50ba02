package dev.headgate.containers.history;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A connection to the server, on which one answer after the other is read as it comes. */
final class Wire implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int SOME = Performance.LARGEST_WRITE;

  private static final int WIDE = 64 * 1024;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final byte[] buffer = new byte[SOME];
  private final TreeMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private int status;
  private boolean chunked;

  /** What is still to come of the body, or of its chunk; -1 if only the end tells. */
  private long rest;

  private boolean ended;
  private boolean last;
  private boolean failed;

  /**
   * Connects.
   *
   * @param window how much the client takes before it reads; 0 for the usual
   */
  Wire(int port, int window) throws IOException {
    if (window > 0) {
      socket.setReceiveBufferSize(window);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
    in = new BufferedInputStream(socket.getInputStream(), SOME);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads the status line and the headers. */
  void readHead(boolean old) throws IOException {
    headers.clear();
    status = 0;
    String line = line();
    int code = Integer.parseInt(line.substring(9, 12));
    for (line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    status = code;
    failed |= code >= 400;
    chunked = "chunked".equals(headers.get("Transfer-Encoding"));
    String length = headers.get("Content-Length");
    rest = chunked ? 0 : length == null ? -1 : Long.parseLong(length);
    last = old || rest < 0 || "close".equalsIgnoreCase(headers.get("Connection"));
    ended = rest == 0 && !chunked;
    if (code == 204 || code == 304) {
      ended = true;
    }
  }

  /** Returns whether an answer on it was a failure. */
  boolean hasFailed() {
    return failed;
  }

  int status() {
    return status;
  }

  @Nullable String header(String name) {
    return status == 0 ? null : headers.get(name);
  }

  /** Returns whether the answer has come to its end, cleanly. */
  boolean hasEnded() {
    return ended;
  }

  /** Returns whether this was the last answer on this connection. */
  boolean isLast() {
    return last;
  }

  /** Reads a part of the body; returns how much, 0 at the end. */
  int readSome() throws IOException {
    if (!ended && chunked && rest == 0) {
      rest = Long.parseLong(line().toLowerCase(Locale.ROOT), 16);
      if (rest == 0) {
        line();
        ended = true;
      }
    }
    if (ended) {
      return 0;
    }
    int most = rest < 0 ? SOME : (int) Math.min(SOME, rest);
    int read = in.read(buffer, 0, most);
    if (read < 0) {
      if (rest >= 0) {
        throw new EOFException("%d bytes are missing".formatted(rest));
      }
      ended = true;
      return 0;
    }
    if (rest > 0) {
      rest -= read;
      if (rest == 0 && chunked) {
        line();
      } else if (rest == 0) {
        ended = true;
      }
    }
    return read;
  }

  /** Returns whether the last part is what stands at a place of an array. */
  boolean hasRead(byte[] bytes, int from, int length) {
    return Arrays.equals(buffer, 0, length, bytes, from, from + length);
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("inside a line: " + line);
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /** Takes more from now on before it is read. */
  void widen() throws IOException {
    socket.setReceiveBufferSize(WIDE);
  }

  /** Cuts the connection at once, by RST. */
  void abort() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
