package dev.headgate.faults;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One connection of a client, and the one to the server that belongs to it.
 *
 * <p>It has a thread for what the client says and one for what the server says. When the client
 * hangs up, the server is told, and may still finish what it has got; when the server does, both
 * are closed, unless the client is to hear nothing.
 */
final class Link {

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  private final FaultProxy proxy;
  private final long number;
  private final Socket client;
  private final Socket server = new Socket();
  private final InetSocketAddress serverAddress;
  private final Conversation conversation;

  /** What strikes after a COMMIT that is on its way, by the number of the answer to it. */
  private final ConcurrentMap<Long, CommitFault> awaited = new ConcurrentHashMap<>();

  private final Thread fromClient;
  private final Thread fromServer;

  /** Whether something was swallowed: what comes after that would make no sense. */
  private volatile boolean silent;

  private volatile boolean clientGone;

  /** Whether the server has spoken since the client did. */
  private final AtomicBoolean answered = new AtomicBoolean(true);

  /**
   * Creates one.
   *
   * @param serverAddress null if all that the client says is to be swallowed
   */
  Link(
      FaultProxy proxy,
      long number,
      Socket client,
      InetSocketAddress serverAddress,
      Conversation conversation) {
    this.proxy = proxy;
    this.number = number;
    this.client = client;
    this.serverAddress = serverAddress;
    this.conversation = conversation;
    silent = serverAddress == null;
    fromClient = proxy.threads().newThread("connection " + number + ", client", this::serveClient);
    fromServer = proxy.threads().newThread("connection " + number + ", server", this::serveServer);
  }

  long number() {
    return number;
  }

  void start() {
    proxy.threads().start(fromClient);
  }

  /** Closes both sides; what waits is woken, and goes no further. */
  void cut() {
    Entrance.closeQuietly(client);
    Entrance.closeQuietly(server);
    interrupt(fromClient);
    interrupt(fromServer);
    proxy.forget(this);
  }

  private void serveClient() {
    attempt(
        () -> {
          if (serverAddress == null) {
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
          } else {
            connect();
            proxy.threads().start(fromServer);
            passRequests();
          }
        });
    clientGone = true;
    try {
      server.shutdownOutput();
    } catch (IOException e) {
      cut();
    }
  }

  private void serveServer() {
    attempt(this::passReplies);
    if (swallows()) {
      Entrance.closeQuietly(server);
    }
    if (clientGone || !silent) {
      cut();
    }
  }

  private void connect() throws IOException {
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    server.connect(serverAddress, CONNECT_TIMEOUT_MILLIS);
  }

  private void passRequests() throws IOException, InterruptedException {
    OutputStream out = new BufferedOutputStream(server.getOutputStream());
    DataInputStream in = input(client, out);
    boolean goesOn = true;
    while (goesOn) {
      Request request = conversation.fromClient(in);
      if (answered.getAndSet(false)) {
        proxy.countRoundTrip();
      }
      switch (request.kind()) {
        case ENCRYPTION -> declineEncryption();
        case COMMIT -> goesOn = passCommit(request, out);
        case ANY -> pass(request.bytes(), out);
      }
    }
  }

  private boolean passCommit(Request commit, OutputStream out)
      throws IOException, InterruptedException {
    if (swallows()) {
      return true;
    }
    out.flush();
    CommitFault fault = proxy.decide(this);
    if (fault.strikesAt(CommitFault.Moment.AFTER)) {
      awaited.put(commit.answer(), fault);
    } else if (!survives(fault)) {
      return false;
    }
    pass(commit.bytes(), out);
    return true;
  }

  private void passReplies() throws IOException, InterruptedException {
    OutputStream out = new BufferedOutputStream(client.getOutputStream());
    DataInputStream in = input(server, out);
    ByteArrayOutputStream held = new ByteArrayOutputStream();
    while (true) {
      Reply reply = conversation.fromServer(in);
      proxy.travel();
      answered.set(true);
      CommitFault fault = awaited.get(reply.answer());
      if (fault == null) {
        pass(reply.bytes(), out);
        continue;
      }
      held.write(reply.bytes());
      if (reply.last()) {
        out.flush();
        if (!survives(fault)) {
          return;
        }
        pass(held.toByteArray(), out);
        held.reset();
        awaited.remove(reply.answer());
      }
    }
  }

  /** Lets the fault strike, and tells whether the connection is still there. */
  private boolean survives(CommitFault fault) throws InterruptedException {
    switch (fault.strike()) {
      case PASS -> {}
      case CUT -> {
        cut();
        return false;
      }
      case SILENCE -> silent = true;
    }
    return true;
  }

  private void pass(byte[] message, OutputStream out) throws IOException {
    if (!swallows()) {
      out.write(message);
    }
  }

  private void declineEncryption() throws IOException {
    if (!swallows()) {
      client.getOutputStream().write('N');
    }
  }

  private boolean swallows() {
    if (proxy.hangs()) {
      silent = true;
    }
    return silent;
  }

  private void attempt(Work work) {
    try {
      work.run();
    } catch (ProtocolException | RuntimeException | Error e) {
      proxy.fail(e);
      cut();
    } catch (IOException | InterruptedException e) {
      // One side has hung up, or it was cut.
    }
  }

  private static DataInputStream input(Socket socket, OutputStream out) throws IOException {
    return new DataInputStream(
        new BufferedInputStream(new FlushingInput(socket.getInputStream(), out)));
  }

  private static void interrupt(Thread thread) {
    if (thread != Thread.currentThread()) {
      thread.interrupt();
    }
  }
}
