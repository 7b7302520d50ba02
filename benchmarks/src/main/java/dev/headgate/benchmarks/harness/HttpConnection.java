package dev.headgate.benchmarks.harness;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * A connection that is kept, for HTTP/1.1: as cheap as can be, since it shares the processors with
 * the server that is measured. It reads answers with a Content-Length.
 */
public final class HttpConnection implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 30_000;
  private static final byte[] END_OF_HEADERS = {'\r', '\n', '\r', '\n'};

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private byte[] buffer = new byte[8192];
  private int filled;

  /** Connects to a port of this machine. */
  public HttpConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** Sends a request and returns the whole answer. */
  public byte[] send(byte[] request) throws IOException {
    out.write(request);
    filled = 0;
    int headers;
    do {
      readSome();
      headers = endOfHeaders();
    } while (headers < 0);
    int length = headers + contentLength(headers);
    while (filled < length) {
      readSome();
    }
    requireEndAt(length);
    return Arrays.copyOf(buffer, length);
  }

  /** Sends a request of which the answer is known, and makes sure that it is that one. */
  void send(Exchange exchange) throws IOException {
    out.write(exchange.request());
    filled = 0;
    do {
      readSome();
      if (!exchange.beginsWith(buffer, filled)) {
        throw new ProtocolException(
            "the answer is not the one of before: "
                + new String(buffer, 0, filled, StandardCharsets.ISO_8859_1));
      }
    } while (filled < exchange.length());
    requireEndAt(exchange.length());
  }

  private void readSome() throws IOException {
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * filled);
    }
    int count = in.read(buffer, filled, buffer.length - filled);
    if (count < 0) {
      throw new EOFException("the server closed the connection within an answer");
    }
    filled += count;
  }

  private int endOfHeaders() {
    for (int end = END_OF_HEADERS.length; end <= filled; end++) {
      if (Arrays.equals(
          buffer, end - END_OF_HEADERS.length, end, END_OF_HEADERS, 0, END_OF_HEADERS.length)) {
        return end;
      }
    }
    return -1;
  }

  private int contentLength(int headers) throws ProtocolException {
    String text = new String(buffer, 0, headers, StandardCharsets.ISO_8859_1);
    for (String line : text.split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    throw new ProtocolException("there is no Content-Length in: " + text);
  }

  private void requireEndAt(int length) throws ProtocolException {
    if (filled > length) {
      throw new ProtocolException("there is something behind an answer");
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
