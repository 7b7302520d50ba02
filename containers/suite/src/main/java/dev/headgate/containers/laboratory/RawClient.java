package dev.headgate.containers.laboratory;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A connection to a server that sends what it is told, and shows what comes back to the letter. */
public final class RawClient implements AutoCloseable {

  /** What {@link #readToEnd} returns if nothing is sent any more. */
  public static final String END = "end of the connection";

  private static final int TIMEOUT_MILLIS = 30_000;

  private final Socket socket;
  private final InputStream in;

  /** Connects to a port of 127.0.0.1. */
  public RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends a request without a body; the lines are joined by CR LF, and so is its end added. */
  public RawClient send(String... lines) throws IOException {
    return sendBytes(String.join("\r\n", lines) + "\r\n\r\n");
  }

  /** Sends exactly this, in ISO-8859-1. */
  public RawClient sendBytes(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends exactly this. */
  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /**
   * Returns whether nothing arrives for so long, and the connection stays open. What does arrive is
   * still there for {@link #receive}.
   */
  public boolean isSilent(Duration time) throws IOException {
    socket.setSoTimeout(Math.toIntExact(time.toMillis()));
    in.mark(1);
    try {
      in.read();
      in.reset();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(TIMEOUT_MILLIS);
    }
  }

  /** Cuts the connection at once, by RST. */
  public void abort() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Reads the answer to one request, informational ones before it left out. */
  public RawAnswer receive(String method) throws IOException {
    List<String> head = new ArrayList<>();
    List<byte[]> chunks = new ArrayList<>();
    List<String> trailers = new ArrayList<>();
    RawAnswer.End end;
    try {
      do {
        head.clear();
        lines(head);
      } while (head.get(0).startsWith("HTTP/1.1 1"));
      end = body(method, new RawAnswer(head, chunks, trailers, RawAnswer.End.WHOLE));
    } catch (EOFException e) {
      end = RawAnswer.End.CUT;
    } catch (SocketException e) {
      end = RawAnswer.End.RESET;
    } catch (SocketTimeoutException e) {
      end = RawAnswer.End.OPEN;
    }
    return new RawAnswer(List.copyOf(head), List.copyOf(chunks), List.copyOf(trailers), end);
  }

  /** Describes what is still sent until the connection ends, and how it does. */
  public String readToEnd() {
    var rest = new ByteArrayOutputStream();
    String end = END;
    try {
      in.transferTo(rest);
    } catch (IOException e) {
      end = e.toString();
    }
    return rest.size() == 0 ? end : Bytes.describe(rest.toByteArray()) + ", " + end;
  }

  private RawAnswer.End body(String method, RawAnswer answer) throws IOException {
    int status = answer.status();
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return RawAnswer.End.WHOLE;
    }
    List<String> lengths = answer.headers("Content-Length");
    List<String> encodings = answer.headers("Transfer-Encoding");
    if (!encodings.isEmpty()) {
      if (!lengths.isEmpty() || !encodings.equals(List.of("chunked"))) {
        throw new ProtocolException("no telling where the body ends: " + answer);
      }
      chunks(answer);
    } else if (!lengths.isEmpty()) {
      exactly(Integer.parseInt(lengths.get(0)), answer.chunks());
    } else {
      var body = new ByteArrayOutputStream();
      try {
        in.transferTo(body);
      } finally {
        answer.chunks().add(body.toByteArray());
      }
      return RawAnswer.End.CLOSED;
    }
    return RawAnswer.End.WHOLE;
  }

  private void chunks(RawAnswer answer) throws IOException {
    while (true) {
      String size = line();
      if (!size.equals(size.strip()) || size.indexOf(';') >= 0) {
        throw new ProtocolException("not only the size of a chunk: " + size);
      }
      int length = Integer.parseInt(size.toLowerCase(Locale.ROOT), 16);
      if (length == 0) {
        lines(answer.trailers());
        return;
      }
      exactly(length, answer.chunks());
      if (!line().isEmpty()) {
        throw new ProtocolException("a chunk does not end where it said");
      }
    }
  }

  /** Adds as many bytes, or what there is of them. */
  private void exactly(int length, List<byte[]> chunks) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try {
      while (bytes.size() < length) {
        byte[] some = new byte[Math.min(length - bytes.size(), 8192)];
        int read = in.read(some);
        if (read < 0) {
          throw new EOFException("%d of %d bytes".formatted(bytes.size(), length));
        }
        bytes.write(some, 0, read);
      }
    } finally {
      chunks.add(bytes.toByteArray());
    }
  }

  /** Adds the lines up to an empty one. */
  private void lines(List<String> lines) throws IOException {
    for (String line = line(); !line.isEmpty(); line = line()) {
      lines.add(line);
    }
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("inside a line: " + line.toString(StandardCharsets.ISO_8859_1));
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
