package dev.headgate.filter;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;

/** The body of a response, held in memory up to a limit. */
final class HeldBody extends ServletOutputStream {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
  private final int limit;
  private final Runnable onFlush;
  private boolean closed;
  private boolean muted;
  private boolean exceeded;

  HeldBody(int limit, Runnable onFlush) {
    this.limit = limit;
    this.onFlush = onFlush;
  }

  @Override
  public void write(int value) throws IOException {
    require(1);
    if (!muted) {
      bytes.write(value);
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    require(length);
    if (!muted) {
      bytes.write(source, offset, length);
    }
  }

  private void require(int more) throws IOException {
    if (closed) {
      throw new IOException("the response is closed");
    }
    if (!muted && more > limit - bytes.size()) {
      exceeded = true;
      throw new IllegalStateException(
          "the response body exceeds the %d bytes that are held until the unit of work is committed"
                  .formatted(limit)
              + ": exclude the request from the filter, or answer in smaller parts");
    }
  }

  @Override
  public void flush() {
    onFlush.run();
  }

  @Override
  public void close() {
    closed = true;
    onFlush.run();
  }

  /** Throws away what was taken, and takes nothing any more: the response has been ended. */
  void mute() {
    bytes.reset();
    exceeded = false;
    freeze();
  }

  /** From now on nothing more is taken, without a complaint. */
  void freeze() {
    muted = true;
  }

  void clear() {
    bytes.reset();
    exceeded = false;
    closed = false;
  }

  /** Returns whether some of the body was refused. */
  boolean isExceeded() {
    return exceeded;
  }

  int size() {
    return bytes.size();
  }

  boolean isEmpty() {
    return bytes.size() == 0;
  }

  void writeTo(OutputStream target) throws IOException {
    bytes.writeTo(target);
  }

  String text(Charset charset) {
    return bytes.toString(charset);
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    throw new IllegalStateException(
        "non-blocking output needs an asynchronous request, which the filter refuses");
  }
}
