package dev.headgate.faults;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * Takes apart what client and server say on one connection. One thread reads the client's messages,
 * and another one the server's.
 *
 * <p>The server's messages are parts of answers, which are counted; a COMMIT knows the number of
 * its own. Neither encrypted nor compressed traffic could be understood, and so a conversation sees
 * to it that client and server don't agree on it.
 */
abstract class Conversation {

  private static final Pattern COMMIT =
      Pattern.compile("\\s*COMMIT(\\s+(WORK|TRANSACTION))?\\s*;?\\s*", Pattern.CASE_INSENSITIVE);

  /**
   * Reads the client's next message.
   *
   * @throws java.io.EOFException at the end, also in the middle of a message
   * @throws ProtocolException if this is not the protocol
   */
  abstract Request fromClient(DataInputStream in) throws IOException;

  /** Reads the server's next message; throws as {@link #fromClient} does. */
  abstract Reply fromServer(DataInputStream in) throws IOException;

  static boolean isCommit(String sql) {
    return COMMIT.matcher(sql).matches();
  }

  /** Reads the rest of a message and returns all of it. */
  static byte[] complete(byte[] start, int missing, DataInputStream in) throws IOException {
    byte[] whole = ByteBuffer.allocate(start.length + missing).put(start).array();
    in.readFully(whole, start.length, missing);
    return whole;
  }
}
