package dev.headgate.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a proxy does as a whole, to all connections. */
@Timeout(60)
class FaultProxyTest {

  private ProxiedPostgres postgres;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws SQLException {
    postgres = new ProxiedPostgres();
    proxy = postgres.proxy();
  }

  @AfterEach
  void stop() throws SQLException {
    postgres.close();
  }

  @Test
  void hang_swallowsWhatTheClientSays_andLeavesTheConnectionOpen() throws Exception {
    Connection connection = postgres.insert("a");
    proxy.hang();
    connection.setNetworkTimeout(Runnable::run, 500);
    assertThatThrownBy(connection::commit).hasStackTraceContaining("SocketTimeoutException");
    assertThat(proxy.commitsSeen()).isZero();
    // The driver has hung up.
    await().until(() -> postgres.sessions() == 0);
    assertThat(postgres.isStored("a")).isFalse();
    await().until(() -> proxy.openConnections() == 0);
  }

  @Test
  void hang_swallowsWhatTheServerSays() throws Exception {
    Connection connection = postgres.insert("a");
    Pause pause = new Pause();
    proxy.onCommit(CommitFaults.next(CommitFault.pauseAfter(pause)));
    FutureTask<Void> commit = ProxiedPostgres.commit(connection);
    pause.awaitReached();
    proxy.hang();
    pause.resume();
    // The server's end is not heard either.
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '%s'"
            .formatted(postgres.table()));
    await().until(() -> !threads().contains("connection 1, server"));
    proxy.restore();
    assertThat(proxy.openConnections()).isEqualTo(1);
    assertThat(commit.isDone()).isFalse();
  }

  @Test
  void hang_acceptsNewConnections_andNeverAnswers() throws Exception {
    proxy.hang();
    assertThatThrownBy(() -> postgres.connect("&loginTimeout=1"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("timed out");
    assertThat(proxy.connectionsMade()).isEqualTo(1);
    assertThat(postgres.sessions()).isZero();
  }

  @Test
  void restore_afterHang_letsPassAgain_butNotWhatWasHanging() throws Exception {
    Connection idle = postgres.insert("idle");
    proxy.hang();
    FutureTask<Connection> hanging = ProxiedPostgres.start(() -> postgres.connect(""));
    await().until(() -> proxy.openConnections() == 2);
    proxy.restore();
    idle.commit();
    postgres.insert("new").commit();
    assertThat(postgres.isStored("idle")).isTrue();
    assertThat(postgres.isStored("new")).isTrue();
    assertThat(hanging.isDone()).isFalse();
    proxy.cutAll();
    assertThatThrownBy(() -> hanging.get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(IOException.class);
  }

  @Test
  void whatAClientSendsInOneGo_isOneRoundTrip() throws Exception {
    try (Connection connection = postgres.connect("");
        Statement statement = connection.createStatement()) {
      long before = proxy.roundTrips();
      statement.execute("SELECT 1");
      assertThat(proxy.roundTrips()).isEqualTo(before + 1);
      statement.execute("SELECT 1; SELECT 2; SELECT 3");
      assertThat(proxy.roundTrips()).isEqualTo(before + 2);
      connection.setAutoCommit(false);
      assertThat(proxy.roundTrips()).isEqualTo(before + 2);
    }
  }

  @Test
  void refuse_cutsWhatIsThere_andRefusesWhatComes() throws Exception {
    Connection connection = postgres.insert("a");
    proxy.refuse();
    assertThat(proxy.openConnections()).isZero();
    assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> postgres.connect("")).hasRootCauseInstanceOf(ConnectException.class);
    await().until(() -> postgres.sessions() == 0);
    assertThat(postgres.isStored("a")).isFalse();
  }

  @Test
  void restore_afterRefuse_listensAtTheSamePort() throws Exception {
    proxy.refuse();
    proxy.refuse();
    proxy.restore();
    postgres.insert("a").commit();
    assertThat(postgres.isStored("a")).isTrue();
  }

  @Test
  void acceptsAndNeverAnswers_thenRefuses_thenReturns() throws Exception {
    proxy.hang();
    FutureTask<Connection> hanging = ProxiedPostgres.start(() -> postgres.connect(""));
    await().until(() -> proxy.openConnections() == 1);
    proxy.refuse();
    assertThatThrownBy(() -> hanging.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(SQLException.class);
    proxy.hang();
    FutureTask<Connection> again = ProxiedPostgres.start(() -> postgres.connect(""));
    await().until(() -> proxy.openConnections() == 1);
    assertThat(again.isDone()).isFalse();
    proxy.restore();
    postgres.insert("a").commit();
    assertThat(postgres.isStored("a")).isTrue();
  }

  @Test
  void cutAll_breaksWhatIsThere_andLetsNewConnectionsIn() throws Exception {
    Connection connection = postgres.insert("a");
    proxy.cutAll();
    assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
    await().until(() -> postgres.sessions() == 0);
    assertThat(postgres.isStored("a")).isFalse();
    postgres.insert("b").commit();
    assertThat(postgres.isStored("b")).isTrue();
  }

  @Test
  void connectionsAndCommits_areCounted() throws Exception {
    try (Connection one = postgres.insert("a");
        Connection two = postgres.insert("b")) {
      assertThat(proxy.openConnections()).isEqualTo(2);
      one.commit();
      postgres.insert(one, "c");
      one.commit();
      two.rollback();
    }
    assertThat(proxy.commitsSeen()).isEqualTo(2);
    await().until(() -> proxy.openConnections() == 0);
    assertThat(proxy.connectionsMade()).isEqualTo(2);
    assertThat(postgres.sessions()).isZero();
  }

  @Test
  void aCancelRequest_passes() throws Exception {
    try (Connection connection = postgres.connect("");
        Statement statement = connection.createStatement()) {
      FutureTask<Boolean> slow =
          ProxiedPostgres.start(() -> statement.execute("SELECT pg_sleep(60)"));
      await().until(() -> postgres.sessions("query LIKE '%pg_sleep%'") == 1);
      statement.cancel();
      assertThatThrownBy(() -> slow.get(30, TimeUnit.SECONDS))
          .hasMessageContaining("canceling statement due to user request");
    }
  }

  @Test
  void aServerThatIsNotThere_cutsTheClient() throws Exception {
    proxy.refuse();
    try (FaultProxy inFront = FaultProxy.to("127.0.0.1", proxy.port(), Protocol.POSTGRESQL);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), inFront.port())) {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aHostThatIsNotKnown_isRefused() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> FaultProxy.to("[not a host", 5432, Protocol.POSTGRESQL).close())
        .withMessageContaining("[not a host");
  }

  @Test
  void aClientThatSpeaksAnotherProtocol_isCut_andReportedAtTheEnd() throws Exception {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      await().until(() -> proxy.openConnections() == 1);
      client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
      await().until(() -> proxy.openConnections() == 0);
    }
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(proxy::close)
        .withMessageContaining("which PostgreSQL's don't");
  }

  @Test
  void close_cutsAll_endsItsThreads_andFreesThePort() throws Exception {
    Connection idle = postgres.insert("idle");
    Pause pause = new Pause();
    proxy.onCommit(CommitFaults.next(CommitFault.pauseBefore(pause)));
    FutureTask<Void> paused = ProxiedPostgres.commit(postgres.insert("paused"));
    pause.awaitReached();
    proxy.hang();
    FutureTask<Connection> hanging = ProxiedPostgres.start(() -> postgres.connect(""));
    await().until(() -> proxy.openConnections() == 3);
    assertThat(threads()).isNotEmpty();

    proxy.close();
    assertThat(threads()).isEmpty();
    assertThat(proxy.openConnections()).isZero();
    assertThatThrownBy(idle::commit).isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> paused.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(SQLException.class);
    assertThatThrownBy(() -> hanging.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(SQLException.class);
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), proxy.port()).close());
    proxy.close();
  }

  @Test
  void close_whileRefusing_freesThePort() throws Exception {
    proxy.refuse();
    proxy.close();
    try (ServerSocket taken = new ServerSocket(proxy.port())) {
      assertThat(taken.isBound()).isTrue();
    }
  }

  @Test
  void close_doesNotWaitForEverForTheFaultsOnCommit() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    FaultProxy impatient =
        FaultProxy.to("127.0.0.1", proxy.port(), Protocol.POSTGRESQL, Duration.ofMillis(100));
    impatient.onCommit(
        commit -> {
          asked.countDown();
          Fault.await(end, Fault.LONGEST_WAIT, "faults that ignore an interrupt");
          return CommitFault.none();
        });
    FutureTask<Void> commit =
        ProxiedPostgres.start(
            () -> {
              Connection connection = postgres.connect(impatient.port(), "");
              connection.setAutoCommit(false);
              postgres.insert(connection, "a");
              connection.commit();
              return null;
            });
    asked.await(30, TimeUnit.SECONDS);
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(impatient::close)
        .withMessageContaining("connection 1, client");
    end.countDown();
    assertThatThrownBy(() -> commit.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(SQLException.class);
    impatient.close();
  }

  @Test
  void close_byTheFaultsOnCommit_doesNotWaitForItself() throws Exception {
    proxy.onCommit(
        commit -> {
          proxy.close();
          return CommitFault.none();
        });
    assertThatThrownBy(postgres.insert("a")::commit).isInstanceOf(SQLException.class);
    await().until(() -> threads().isEmpty());
    assertThat(postgres.isStored("a")).isFalse();
  }

  @Test
  void closed_itRefusesToGoOn() {
    proxy.close();
    for (Runnable call : List.<Runnable>of(proxy::hang, proxy::refuse, proxy::restore)) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(call::run)
          .withMessageContaining("port " + proxy.port() + " is closed");
    }
  }

  @Test
  void itListensOnLoopbackAlone() throws Exception {
    List<Inet4Address> others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(Inet4Address.class::isInstance)
            .map(Inet4Address.class::cast)
            .filter(address -> !address.isLoopbackAddress())
            .toList();
    for (Inet4Address other : others) {
      assertThatThrownBy(
              () -> {
                try (Socket socket = new Socket()) {
                  socket.connect(new InetSocketAddress(other, proxy.port()), 5_000);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  private List<String> threads() {
    return ProxiedPostgres.threads(proxy);
  }
}
