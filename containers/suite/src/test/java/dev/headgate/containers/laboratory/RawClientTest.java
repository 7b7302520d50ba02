package dev.headgate.containers.laboratory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RawClientTest {

  private ServerSocket server;
  private RawClient client;
  private Socket accepted;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    client = new RawClient(server.getLocalPort());
    accepted = server.accept();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    accepted.close();
    server.close();
  }

  private void answer(String text) throws IOException {
    accepted.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void chunksAndTrailersAreShownAsTheyWere() throws IOException {
    answer("HTTP/1.1 200 OK\r\nB: 2\r\nA: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
    answer("3\r\none\r\n3\r\ntwo\r\n0\r\nSum: 6\r\n\r\n");

    assertThat(client.receive("GET"))
        .hasToString(
            """
            HTTP/1.1 200 OK
            B: 2
            A: 1
            Transfer-Encoding: chunked
            3 bytes: one
            3 bytes: two
            trailer Sum: 6
            (WHOLE)""");
  }

  @Test
  void aBodyWithoutALengthEndsWithTheConnection() throws IOException {
    answer("HTTP/1.0 200 OK\r\n\r\nbody");
    accepted.close();

    RawAnswer answer = client.receive("GET");
    assertThat(answer.text()).isEqualTo("body");
    assertThat(answer.end()).isEqualTo(RawAnswer.End.CLOSED);
  }

  @Test
  void whatEndsTooEarlyIsCut() throws IOException {
    answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbody");
    accepted.close();

    RawAnswer answer = client.receive("GET");
    assertThat(answer.text()).isEqualTo("body");
    assertThat(answer.end()).isEqualTo(RawAnswer.End.CUT);
  }

  @Test
  void chunksWithoutALastOneAreCut() throws IOException {
    answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n");
    accepted.close();

    assertThat(client.receive("GET").end()).isEqualTo(RawAnswer.End.CUT);
  }

  @Test
  void aResetIsShown() throws IOException {
    answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n");
    assertThat(client.isSilent(Duration.ofSeconds(30))).isFalse();
    accepted.setSoLinger(true, 0);
    accepted.close();

    assertThat(client.receive("GET").end()).isEqualTo(RawAnswer.End.RESET);
  }

  @Test
  void aClosedConnectionWithoutAByteIsEmptyAndNotSilent() throws IOException {
    accepted.close();

    assertThat(client.isSilent(Duration.ofSeconds(30))).isFalse();
    assertThat(client.receive("GET").isEmpty()).isTrue();
  }

  @Test
  void abort_resets() throws IOException {
    client.abort();

    assertThatThrownBy(() -> accepted.getInputStream().read()).isInstanceOf(SocketException.class);
  }
}
