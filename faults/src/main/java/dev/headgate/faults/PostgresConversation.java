package dev.headgate.faults;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * PostgreSQL's protocol 3.
 *
 * <p>A COMMIT is executed by a Query, or by an Execute of a portal that was bound to a statement
 * that was parsed from that text, perhaps long ago and under a name. The server sends ReadyForQuery
 * once after the start-up and once for each Query, FunctionCall and Sync, and an answer is what
 * ends with it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">PostgreSQL:
 *     Message Formats</a>
 */
final class PostgresConversation extends Conversation {

  private static final int CANCEL_REQUEST = 80877102;
  private static final int SSL_REQUEST = 80877103;
  private static final int GSSENC_REQUEST = 80877104;

  /** The server's own limits. */
  private static final int LONGEST_STARTUP = 10_000;

  private static final int LONGEST_MESSAGE = 0x3fffffff;

  private static final int LENGTH_BYTES = Integer.BYTES;

  // The client's thread alone.
  private boolean started;
  private long answersAsked;
  private final Set<String> commitStatements = new HashSet<>();
  private final Set<String> commitPortals = new HashSet<>();

  // The server's thread alone.
  private long answersEnded;

  @Override
  Request fromClient(DataInputStream in) throws IOException {
    if (!started) {
      return startup(in);
    }
    byte[] message = message(in);
    long answer = answersAsked + 1;
    if (message[0] == 'Q' || message[0] == 'S' || message[0] == 'F') {
      answersAsked = answer;
    }
    Request.Kind kind = executesCommit(message) ? Request.Kind.COMMIT : Request.Kind.ANY;
    return new Request(kind, message, answer);
  }

  @Override
  Reply fromServer(DataInputStream in) throws IOException {
    byte[] message = message(in);
    long answer = answersEnded + 1;
    boolean readyForQuery = message[0] == 'Z';
    if (readyForQuery) {
      answersEnded = answer;
    }
    return new Reply(message, answer, readyForQuery);
  }

  private Request startup(DataInputStream in) throws IOException {
    byte[] start = complete(new byte[0], 2 * LENGTH_BYTES, in);
    int length = ByteBuffer.wrap(start).getInt();
    int code = ByteBuffer.wrap(start).getInt(LENGTH_BYTES);
    if (length < start.length || length > LONGEST_STARTUP) {
      throw new ProtocolException(
          "a connection begins with " + length + " bytes, which PostgreSQL's don't");
    }
    byte[] whole = complete(start, length - start.length, in);
    if (code == SSL_REQUEST || code == GSSENC_REQUEST) {
      return new Request(Request.Kind.ENCRYPTION, whole, 0);
    }
    started = true;
    if (code != CANCEL_REQUEST) {
      answersAsked = 1;
    }
    return new Request(Request.Kind.ANY, whole, 0);
  }

  private static byte[] message(DataInputStream in) throws IOException {
    byte[] start = complete(new byte[0], 1 + LENGTH_BYTES, in);
    int length = ByteBuffer.wrap(start).getInt(1);
    if (length < LENGTH_BYTES || length > LONGEST_MESSAGE) {
      throw new ProtocolException(
          "a message of type %d and %d bytes, which PostgreSQL doesn't know"
              .formatted(start[0], length));
    }
    return complete(start, length - LENGTH_BYTES, in);
  }

  private boolean executesCommit(byte[] message) throws ProtocolException {
    ByteBuffer content = ByteBuffer.wrap(message);
    content.position(1 + LENGTH_BYTES);
    switch (message[0]) {
      case 'Q' -> {
        return isCommit(text(content));
      }
      case 'P' -> {
        String statement = text(content);
        keep(commitStatements, statement, isCommit(text(content)));
      }
      case 'B' -> {
        String portal = text(content);
        keep(commitPortals, portal, commitStatements.contains(text(content)));
      }
      case 'E' -> {
        return commitPortals.contains(text(content));
      }
      case 'C' -> {
        Set<String> names = content.get() == 'S' ? commitStatements : commitPortals;
        names.remove(text(content));
      }
      default -> {}
    }
    return false;
  }

  private static void keep(Set<String> names, String name, boolean isOne) {
    if (isOne) {
      names.add(name);
    } else {
      names.remove(name);
    }
  }

  private static String text(ByteBuffer content) throws ProtocolException {
    for (int end = content.position(); end < content.limit(); end++) {
      if (content.get(end) == 0) {
        byte[] text = new byte[end - content.position()];
        content.get(text).get();
        return new String(text, StandardCharsets.UTF_8);
      }
    }
    throw new ProtocolException("a text without an end in a message of PostgreSQL's client");
  }
}
