package dev.headgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MariaDB's protocol, one byte a packet in both directions. */
class MariaDbTest {

  private static final byte COM_STMT_PREPARE = 0x16;

  private final Pause pause = new Pause();
  private ScriptedMariaDb server;
  private FaultProxy proxy;
  private Socket client;
  private DataInputStream in;
  private byte[] greeting;

  @BeforeEach
  void connect() throws IOException {
    server = new ScriptedMariaDb();
    proxy = FaultProxy.to("localhost", server.port(), Protocol.MARIADB);
    client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    client.setTcpNoDelay(true);
    client.setSoTimeout(30_000);
    in = new DataInputStream(client.getInputStream());
    greeting = in.readNBytes(ScriptedMariaDb.greeting(0).length);
    send(ScriptedMariaDb.packet(1, new byte[] {3, 'C', 'O', 'M', 'M', 'I', 'T'}));
    receive(ScriptedMariaDb.ok(2));
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
    proxy.close();
  }

  @Test
  void theGreeting_offersNeitherEncryptionNorCompression_andAllElse() {
    assertThat(greeting).isEqualTo(ScriptedMariaDb.greeting(ScriptedMariaDb.OTHERS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"COMMIT", "commit", "COMMIT;", " commit work "})
  void aCommit_isSeen(String sql) throws IOException {
    send(ScriptedMariaDb.query(sql));
    receive(ScriptedMariaDb.ok(1));
    assertThat(server.executed()).containsExactly(sql);
    assertThat(proxy.commitsSeen()).isEqualTo(1);
  }

  @Test
  void whatOnlyLooksLikeACommit_isNotSeen() throws IOException {
    send(ScriptedMariaDb.query("SELECT 'COMMIT'"));
    receive(ScriptedMariaDb.rows());
    send(ScriptedMariaDb.query("COMMITTED"));
    receive(ScriptedMariaDb.ok(1));
    send(ScriptedMariaDb.packet(0, new byte[] {COM_STMT_PREPARE, 'C', 'O', 'M', 'M', 'I', 'T'}));
    receive(ScriptedMariaDb.ok(1));
    assertThat(proxy.commitsSeen()).isZero();
  }

  @Test
  void pauseBefore_holdsItBackFromTheServer() throws IOException {
    commitThatMeets(CommitFault.pauseBefore(pause));
    pause.awaitReached();
    assertThat(server.executed()).doesNotContain("COMMIT");
    pause.resume();
    receive(ScriptedMariaDb.ok(1));
    assertThat(server.executed()).contains("COMMIT");
  }

  @Test
  void pauseAfter_holdsTheAnswerBackFromTheClient() throws IOException {
    commitThatMeets(CommitFault.pauseAfter(pause));
    pause.awaitReached();
    assertThat(server.executed()).contains("COMMIT");
    assertThat(in.available()).isZero();
    pause.resume();
    receive(ScriptedMariaDb.ok(1));
    send(ScriptedMariaDb.query("SELECT"));
    receive(ScriptedMariaDb.rows());
  }

  @Test
  void cutBefore_losesTheCommit() throws IOException {
    commitThatMeets(CommitFault.cutBefore());
    assertThat(in.read()).isEqualTo(-1);
    assertThat(server.executed()).doesNotContain("COMMIT");
  }

  @Test
  void cutAfter_losesOnlyTheAnswer() throws IOException {
    commitThatMeets(CommitFault.cutAfter());
    assertThat(in.read()).isEqualTo(-1);
    assertThat(server.executed()).contains("COMMIT");
  }

  @Test
  void hang_swallowsTheCommit() throws IOException {
    proxy.hang();
    send(ScriptedMariaDb.query("COMMIT"));
    client.shutdownOutput();
    await().until(() -> proxy.openConnections() == 0);
    assertThat(server.executed()).isEmpty();
    assertThat(proxy.commitsSeen()).isZero();
  }

  @Test
  void aWholePacket_isNotKeptForTheRestOfTheNextOne() throws IOException {
    send(ScriptedMariaDb.query("HALF"));
    receive(ScriptedMariaDb.ok(1));
  }

  @Test
  void aQueryOfSeveralPackets_passes() throws IOException {
    byte[] full = new byte[0xffffff];
    full[0] = 3;
    client.getOutputStream().write(ScriptedMariaDb.packet(0, full));
    receive(ScriptedMariaDb.ok(1));
    send(ScriptedMariaDb.packet(1, new byte[] {3, 'C', 'O', 'M', 'M', 'I', 'T'}));
    receive(ScriptedMariaDb.ok(1));
    assertThat(proxy.commitsSeen()).isZero();
  }

  private void commitThatMeets(CommitFault fault) throws IOException {
    send(ScriptedMariaDb.query("SELECT"));
    receive(ScriptedMariaDb.rows());
    proxy.onCommit(CommitFaults.next(fault));
    send(ScriptedMariaDb.query("COMMIT"));
  }

  private void send(byte[] bytes) throws IOException {
    for (byte next : bytes) {
      client.getOutputStream().write(next);
    }
  }

  private void receive(byte[] expected) throws IOException {
    assertThat(in.readNBytes(expected.length)).isEqualTo(expected);
  }
}
