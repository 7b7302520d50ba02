package dev.headgate.filter;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;

/**
 * Writes text into a held body, two bytes a character: what a character becomes in the end is the
 * container's decision, whose writer gets the very same characters.
 */
final class HeldWriter extends Writer {

  /** How many bytes of a held body are a character. */
  static final int WIDTH = Character.BYTES;

  private final HeldBody body;

  HeldWriter(HeldBody body) {
    this.body = body;
  }

  @Override
  public void write(char[] source, int offset, int length) throws IOException {
    byte[] bytes = new byte[WIDTH * length];
    for (int i = 0; i < length; i++) {
      char c = source[offset + i];
      bytes[WIDTH * i] = (byte) (c >> 8);
      bytes[WIDTH * i + 1] = (byte) c;
    }
    body.write(bytes, 0, bytes.length);
  }

  @Override
  public void flush() throws IOException {
    body.flush();
  }

  @Override
  public void close() {
    body.close();
  }

  /** Returns the characters in a part of a held body. */
  static char[] characters(byte[] bytes, int offset, int length) {
    char[] characters = new char[length / WIDTH];
    for (int i = 0; i < characters.length; i++) {
      int at = offset + WIDTH * i;
      characters[i] = (char) (((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff));
    }
    return characters;
  }

  /** Takes what this class has written, for the container's writer. */
  static final class Target extends OutputStream {

    private final Writer writer;

    Target(Writer writer) {
      this.writer = writer;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      writer.write(characters(source, offset, length));
    }

    @Override
    public void write(int value) {
      throw new UnsupportedOperationException("half a character");
    }

    @Override
    public void flush() throws IOException {
      writer.flush();
    }
  }
}
