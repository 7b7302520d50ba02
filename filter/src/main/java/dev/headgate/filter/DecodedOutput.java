package dev.headgate.filter;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/** Takes bytes for a writer. A character may come in several writes. */
final class DecodedOutput extends OutputStream {

  private static final int CHARS = 2048;

  private final Writer target;
  private final CharsetDecoder decoder;
  private final CharBuffer chars;
  private ByteBuffer begun = ByteBuffer.allocate(0);

  DecodedOutput(Writer target, Charset charset) {
    this.target = target;
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    this.chars = CharBuffer.allocate(CHARS);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
    if (begun.hasRemaining()) {
      bytes = ByteBuffer.allocate(begun.remaining() + length).put(begun).put(bytes).flip();
    }
    CoderResult result;
    do {
      result = decoder.decode(bytes, chars, false);
      target.write(chars.array(), 0, chars.position());
      chars.clear();
    } while (result.isOverflow());
    begun = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
  }

  @Override
  public void flush() throws IOException {
    target.flush();
  }
}
