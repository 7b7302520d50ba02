package dev.headgate.faults;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The protocol of MariaDB and MySQL, in which client and server take turns.
 *
 * <p>Each packet of the server counts as an answer, since the one that follows a COMMIT is all of
 * the answer to it: OK or an error.
 *
 * @see <a href="https://mariadb.com/docs/server/reference/clientserver-protocol">MariaDB:
 *     Client/Server Protocol</a>
 */
final class MariaDbConversation extends Conversation {

  private static final int HEADER_BYTES = 4;

  /** A packet of this length is continued in the next one. */
  private static final int LONGEST_PACKET = 0xffffff;

  private static final int COM_QUERY = 3;
  private static final int GREETING = 10;

  // Capabilities, of which the greeting has the lower two bytes in one place.
  private static final int CLIENT_COMPRESS = 0x20;
  private static final int CLIENT_SSL = 0x800;

  // Written by the server's thread.
  private volatile long answersEnded;

  // The server's thread alone.
  private boolean greeted;

  @Override
  Request fromClient(DataInputStream in) throws IOException {
    byte[] packet = packet(in);
    boolean command = sequence(packet) == 0 && packet.length > HEADER_BYTES;
    boolean commit =
        command
            && packet[HEADER_BYTES] == COM_QUERY
            && isCommit(text(packet, HEADER_BYTES + 1, packet.length));
    // The client has had all answers before it sends a command.
    return new Request(commit ? Request.Kind.COMMIT : Request.Kind.ANY, packet, answersEnded + 1);
  }

  @Override
  Reply fromServer(DataInputStream in) throws IOException {
    byte[] packet = packet(in);
    if (!greeted) {
      greeted = true;
      declineEncryption(packet);
    }
    long answer = answersEnded + 1;
    boolean last = length(packet) < LONGEST_PACKET;
    if (last) {
      answersEnded = answer;
    }
    return new Reply(packet, answer, last);
  }

  /** Takes encryption and compression from what the server says it can do. */
  private static void declineEncryption(byte[] packet) {
    if (packet.length <= HEADER_BYTES || packet[HEADER_BYTES] != GREETING) {
      return;
    }
    int version = HEADER_BYTES + 1;
    int capabilities = version + text(packet, version, packet.length).indexOf(0) + 1 + 4 + 8 + 1;
    packet[capabilities] &= ~CLIENT_COMPRESS;
    packet[capabilities + 1] &= ~(CLIENT_SSL >> Byte.SIZE);
  }

  private static byte[] packet(DataInputStream in) throws IOException {
    byte[] header = complete(new byte[0], HEADER_BYTES, in);
    return complete(header, length(header), in);
  }

  private static int length(byte[] packet) {
    return (packet[0] & 0xff) | ((packet[1] & 0xff) << 8) | ((packet[2] & 0xff) << 16);
  }

  private static int sequence(byte[] packet) {
    return packet[3] & 0xff;
  }

  /** One character a byte. */
  private static String text(byte[] packet, int from, int to) {
    return new String(packet, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
