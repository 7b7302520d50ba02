package dev.headgate.faults;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Sends what is ready to be sent before it waits for more. */
final class FlushingInput extends FilterInputStream {

  private final OutputStream out;

  FlushingInput(InputStream in, OutputStream out) {
    super(in);
    this.out = out;
  }

  @Override
  public int read() throws IOException {
    out.flush();
    return super.read();
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    out.flush();
    return super.read(bytes, from, length);
  }
}
