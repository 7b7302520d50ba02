package dev.headgate.filter;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, held in memory as the application has written it: the bytes, where it
 * flushed, and how large its writes were, since containers choose the framing by that.
 *
 * <p>Its state is guarded by its events' monitor, since an answer may be ended while another thread
 * still writes.
 */
final class HeldBody extends ServletOutputStream {

  /** What happens to the response by what is done to its body. */
  interface Events {

    /** The application wants to see sent what it has written so far. */
    void flushed() throws IOException;

    /** The application writes no more. */
    void closed();

    /**
     * So much more does not fit: makes room for at least a part of it.
     *
     * @throws IllegalStateException if there can't be more
     */
    void full(int more) throws IOException;

    /** More was written. */
    void written();

    /** Returns the bytes of a text that is printed to the stream, or null for those of the API. */
    byte @Nullable [] encoded(String text);

    /** The application will write when it is told that it can. */
    void listening(WriteListener listener);
  }

  /** Writes up to this size are told as one; containers collect such in their own buffers. */
  private static final int SMALL = 64;

  private static final int FIRST_SIZE = 512;
  private static final byte[] NOTHING = new byte[0];
  private static final int[] NO_CUTS = new int[0];

  private final Events events;
  private byte[] bytes = NOTHING;
  private int size;

  /** Where writes ended, and the complement of where there was a flush, in their order. */
  private int[] cuts = NO_CUTS;

  private int cutCount;
  private int lastCut;
  private int limit;
  private boolean closed;
  private boolean muted;
  private boolean exceeded;

  HeldBody(int limit, Events events) {
    this.limit = limit;
    this.events = events;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    int from = offset;
    int rest = length;
    while (rest > 0 && isTaken()) {
      if (rest > limit - size) {
        exceeded = true;
        events.full(rest);
        exceeded = false;
      }
      int part = take(source, from, rest);
      from += part;
      rest -= part;
      events.written();
    }
  }

  @Override
  public void print(String text) throws IOException {
    byte[] encoded = events.encoded(String.valueOf(text));
    if (encoded == null) {
      super.print(text);
    } else {
      write(encoded);
    }
  }

  /** Returns whether writes are taken, or else vanish without a complaint. */
  private boolean isTaken() throws IOException {
    synchronized (events) {
      if (closed) {
        throw new IOException("the response is closed");
      }
      return !muted;
    }
  }

  /** Takes as much as fits; returns how much that is, or all if it vanishes. */
  private int take(byte[] source, int offset, int length) {
    synchronized (events) {
      if (muted) {
        return length;
      }
      int part = Math.min(length, limit - size);
      append(source, offset, part);
      return part;
    }
  }

  private void append(byte[] source, int offset, int length) {
    if (size > lastCut && size - lastCut + length > SMALL) {
      cut(size);
    }
    if (size + length > bytes.length) {
      int grown = Math.min(limit, Math.max(FIRST_SIZE, 2 * bytes.length));
      bytes = Arrays.copyOf(bytes, Math.max(size + length, grown));
    }
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  private void cut(int cut) {
    if (cutCount == cuts.length) {
      cuts = Arrays.copyOf(cuts, 2 * cutCount + 4);
    }
    cuts[cutCount++] = cut;
    lastCut = size;
  }

  @Override
  public void flush() throws IOException {
    events.flushed();
  }

  /** Remembers that there was a flush here. */
  void markFlush() {
    synchronized (events) {
      boolean marked = cutCount > 0 && cuts[cutCount - 1] == ~size;
      if (!closed && !muted && !marked) {
        cut(~size);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    events.closed();
  }

  /** Throws away what was taken, and takes nothing any more: the response has been ended. */
  void mute() {
    clear();
    freeze();
  }

  /** From now on nothing more is taken, without a complaint. */
  void freeze() {
    muted = true;
  }

  boolean isFrozen() {
    return muted;
  }

  void clear() {
    forget(size);
    exceeded = false;
    closed = false;
  }

  /** Lets more be held than before. */
  void limit(int bytes) {
    limit = bytes;
  }

  /** Returns whether some of the body was refused. */
  boolean isExceeded() {
    return exceeded;
  }

  int size() {
    return size;
  }

  /** Returns the text that a {@link HeldWriter} has written. */
  String text() {
    return new String(HeldWriter.characters(bytes, 0, size));
  }

  /** Returns whether there is neither a byte nor a flush to be told. */
  boolean isEmpty() {
    return size == 0 && cutCount == 0;
  }

  /** Writes all but the last so many bytes as the application did, and forgets what was written. */
  void passTo(OutputStream target, int kept) throws IOException {
    int end = size - kept;
    int from = 0;
    for (int i = 0; i < cutCount; i++) {
      boolean flush = cuts[i] < 0;
      int to = Math.min(flush ? ~cuts[i] : cuts[i], end);
      if (to > from) {
        target.write(bytes, from, to - from);
        from = to;
      }
      if (flush) {
        target.flush();
      }
    }
    if (end > from) {
      target.write(bytes, from, end - from);
    }
    forget(end);
  }

  private void forget(int first) {
    System.arraycopy(bytes, first, bytes, 0, size - first);
    size -= first;
    cutCount = 0;
    lastCut = 0;
  }

  /** Returns true: what is held takes any write, and what is passed on waits for the client. */
  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    events.listening(Objects.requireNonNull(listener, "listener"));
  }
}
