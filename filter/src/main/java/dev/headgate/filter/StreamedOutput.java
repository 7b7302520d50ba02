package dev.headgate.filter;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;

/** Takes bytes for the stream of a response, which it only asks for when there is one. */
final class StreamedOutput extends OutputStream {

  private final HttpServletResponse response;

  StreamedOutput(HttpServletResponse response) {
    this.response = response;
  }

  @Override
  public void write(int value) throws IOException {
    response.getOutputStream().write(value);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    response.getOutputStream().write(source, offset, length);
  }

  /** A flush may come before the application has decided for a stream or a writer. */
  @Override
  public void flush() throws IOException {
    response.flushBuffer();
  }
}
