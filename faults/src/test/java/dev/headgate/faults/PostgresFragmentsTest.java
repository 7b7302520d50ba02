package dev.headgate.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client of PostgreSQL that sends one byte a packet, or all at once. */
class PostgresFragmentsTest {

  private static final int SSL_REQUEST = 80877103;
  private static final int PROTOCOL_3 = 3 << 16;

  private final Pause pause = new Pause();
  private ProxiedPostgres postgres;
  private Socket socket;
  private DataInputStream in;

  @BeforeEach
  void connect() throws Exception {
    postgres = new ProxiedPostgres();
    socket = new Socket(InetAddress.getLoopbackAddress(), postgres.proxy().port());
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    sendByteByByte(startup(SSL_REQUEST, ""));
    assertThat(in.readByte()).isEqualTo((byte) 'N');
    sendByteByByte(
        startup(PROTOCOL_3, "user\0postgres\0application_name\0" + postgres.table() + "\0\0"));
    awaitReadyForQuery();
    postgres.proxy().onCommit(CommitFaults.next(CommitFault.pauseAfter(pause)));
  }

  @AfterEach
  void close() throws IOException, SQLException {
    socket.close();
    postgres.close();
  }

  @Test
  void aQuery_byteByByte() throws Exception {
    sendByteByByte(query("BEGIN"));
    awaitReadyForQuery();
    sendByteByByte(query(insert()));
    awaitReadyForQuery();
    sendByteByByte(query("COMMIT"));
    assertHeldAndThenStored();
  }

  @Test
  void aPreparedCommit_byteByByte() throws Exception {
    sendByteByByte(message('P', "s\0COMMIT\0", (byte) 0, (byte) 0), message('S', ""));
    awaitReadyForQuery();
    sendByteByByte(query("BEGIN"), query(insert()));
    awaitReadyForQuery();
    awaitReadyForQuery();
    sendByteByByte(bind("p", "s"), execute("p"), message('S', ""));
    assertHeldAndThenStored();
  }

  @Test
  void allOfATransaction_inOnePacket_isHeldFromItsCommit() throws Exception {
    send(
        query("BEGIN"),
        query(insert()),
        message('P', "\0COMMIT\0", (byte) 0, (byte) 0),
        bind("", ""),
        execute(""),
        message('S', ""),
        query("SELECT 1"));
    awaitReadyForQuery();
    awaitReadyForQuery();
    assertHeldAndThenStored();
    awaitReadyForQuery();
  }

  @Test
  void whatCameBeforeThePausedCommit_inItsPacket_passes() throws Exception {
    postgres.proxy().onCommit(CommitFaults.next(CommitFault.pauseBefore(pause)));
    send(query("BEGIN"), query(insert()), query("COMMIT"));
    awaitReadyForQuery();
    awaitReadyForQuery();
    pause.awaitReached();
    assertThat(postgres.isStored("a")).isFalse();
    pause.resume();
    awaitReadyForQuery();
    assertThat(postgres.isStored("a")).isTrue();
  }

  @Test
  void aNameThatIsNoLongerACommits_passes() throws Exception {
    send(
        message('P', "s\0COMMIT\0", (byte) 0, (byte) 0),
        message('C', "Ss\0"),
        message('P', "s\0SELECT 1\0", (byte) 0, (byte) 0),
        bind("p", "s"),
        execute("p"),
        message('P', "\0COMMIT\0", (byte) 0, (byte) 0),
        message('P', "\0SELECT 1\0", (byte) 0, (byte) 0),
        bind("", ""),
        execute(""),
        message('S', ""));
    awaitReadyForQuery();
    assertThat(postgres.proxy().commitsSeen()).isZero();
  }

  private void assertHeldAndThenStored() throws Exception {
    pause.awaitReached();
    assertThat(in.available()).isZero();
    assertThat(postgres.isStored("a")).isTrue();
    pause.resume();
    awaitReadyForQuery();
    assertThat(postgres.proxy().commitsSeen()).isEqualTo(1);
  }

  private String insert() {
    return "INSERT INTO " + postgres.table() + " VALUES ('a')";
  }

  private void sendByteByByte(byte[]... messages) throws IOException {
    for (byte[] message : messages) {
      for (byte next : message) {
        socket.getOutputStream().write(next);
      }
    }
  }

  private void send(byte[]... messages) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      all.writeBytes(message);
    }
    socket.getOutputStream().write(all.toByteArray());
  }

  private void awaitReadyForQuery() throws IOException {
    int type;
    do {
      type = in.readByte();
      byte[] content = new byte[in.readInt() - 4];
      in.readFully(content);
      assertThat(type).as("error: %s", new String(content, UTF_8)).isNotEqualTo('E');
    } while (type != 'Z');
  }

  private static byte[] startup(int code, String parameters) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(8 + parameters.length());
    out.writeInt(code);
    out.writeBytes(parameters);
    return bytes.toByteArray();
  }

  private static byte[] query(String sql) throws IOException {
    return message('Q', sql + "\0");
  }

  private static byte[] bind(String portal, String statement) throws IOException {
    return message('B', portal + "\0" + statement + "\0", new byte[6]);
  }

  private static byte[] execute(String portal) throws IOException {
    return message('E', portal + "\0", new byte[4]);
  }

  private static byte[] message(char type, String text, byte... more) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(type);
    out.writeInt(4 + text.length() + more.length);
    out.writeBytes(text);
    out.write(more);
    return bytes.toByteArray();
  }
}
