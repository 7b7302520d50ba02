package dev.headgate.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The port of a proxy, at which connections are accepted or refused.
 *
 * <p>Thread-safe, but for what its methods say.
 */
final class Entrance {

  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int ANY_PORT = 0;
  private static final int WAITING_CONNECTIONS = 1024;
  private static final Duration LONGEST_SHUT = Duration.ofSeconds(10);

  private final Consumer<Socket> guests;
  private final int port;
  private final ProxyThreads threads;

  private ServerSocket listener;

  /** Keeps the port and doesn't listen, while the entrance is shut. */
  private Socket placeholder;

  /**
   * Takes a port.
   *
   * @param guests gets what is accepted; a caller of {@link #shut} must not hold its locks
   */
  Entrance(Consumer<Socket> guests) {
    this.guests = guests;
    placeholder = placeholder(ANY_PORT);
    port = placeholder.getLocalPort();
    threads = new ProxyThreads("fault-proxy-" + port + " ");
  }

  int port() {
    return port;
  }

  /** Accepts connections. Does nothing if it does so already. */
  synchronized void open() {
    if (listener == null) {
      closeQuietly(placeholder);
      ServerSocket opened = listener(port);
      listener = opened;
      threads.start(threads.newThread("accepts connections", () -> accept(opened)));
    }
  }

  /** Refuses connections. Does nothing if it does so already. */
  synchronized void shut() {
    if (listener != null) {
      leave();
      placeholder = placeholder(port);
    }
  }

  /** Gives the port up. As for {@link #shut}. */
  synchronized void leave() {
    closeQuietly(placeholder);
    if (listener != null) {
      closeQuietly(listener);
      listener = null;
      // A thread that still accepts keeps the port.
      threads.awaitEnd(LONGEST_SHUT);
    }
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        guests.accept(from.accept());
      }
    } catch (IOException e) {
      // It was shut; and if it was not, connections are refused.
      closeQuietly(from);
    }
  }

  private static ServerSocket listener(int port) {
    try {
      ServerSocket listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(loopback(port), WAITING_CONNECTIONS);
      return listener;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen at port " + port, e);
    }
  }

  private static Socket placeholder(int port) {
    try {
      Socket placeholder = new Socket();
      placeholder.setReuseAddress(true);
      placeholder.bind(loopback(port));
      return placeholder;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep port " + port, e);
    }
  }

  private static InetSocketAddress loopback(int port) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port);
  }

  static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // It is gone as well.
    }
  }
}
