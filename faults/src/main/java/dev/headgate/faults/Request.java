package dev.headgate.faults;

/**
 * One whole message of a client.
 *
 * @param bytes as they came
 * @param answer if it is a COMMIT, the number of the answer that tells what became of it
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares messages.
record Request(Kind kind, byte[] bytes, long answer) {

  enum Kind {
    ANY,
    COMMIT,
    /** It asks for encryption, which the proxy declines in the server's name. */
    ENCRYPTION
  }
}
