package dev.headgate.benchmarks.blackhole;

import dev.headgate.benchmarks.harness.HttpConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The clients of one tenant. Each has a connection that it keeps, and sends a request when it is
 * due, or as soon as it has the answer to the one before. How long one takes counts from when it
 * was due, as the user sees it.
 */
final class Clients {

  /** A user who was kept waiting for longer does not make up for it. */
  private static final long LONGEST_BEHIND = TimeUnit.SECONDS.toNanos(1);

  /** What answers begin with, in front of the status. */
  private static final int STATUS_AT = "HTTP/1.1 ".length();

  private final int port;
  private final byte[] request;
  private final List<Client> all = new ArrayList<>();

  Clients(int port, String host) {
    this.port = port;
    this.request =
        "GET /notes HTTP/1.1\r\nHost: %s\r\n\r\n"
            .formatted(host)
            .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Starts them.
   *
   * @param perSecond how many requests all of them send together in a second; 0 for as many as are
   *     answered
   */
  void start(int count, double perSecond) {
    long pause = perSecond == 0 ? 0 : (long) (count * 1e9 / perSecond);
    for (int i = 0; i < count; i++) {
      Client client = new Client(pause, System.nanoTime() + pause * i / count);
      all.add(client);
      client.thread.start();
    }
  }

  /** Ends them, and returns what they have seen. */
  Collection<Seen> stop() throws InterruptedException {
    all.forEach(client -> client.stopped = true);
    List<Seen> seen = new ArrayList<>();
    for (Client client : all) {
      client.thread.join();
      seen.addAll(client.seen);
    }
    all.clear();
    return seen;
  }

  private final class Client {

    private final List<Seen> seen = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "client");
    private final long pause;
    private long due;
    private volatile boolean stopped;

    Client(long pause, long firstDue) {
      this.pause = pause;
      this.due = firstDue;
    }

    private void run() {
      while (!stopped) {
        try (HttpConnection connection = new HttpConnection(port)) {
          while (!stopped) {
            awaitDue();
            byte[] answer = connection.send(request);
            note(Integer.parseInt(new String(answer, STATUS_AT, 3, StandardCharsets.US_ASCII)));
          }
        } catch (IOException e) {
          note(0);
        }
      }
    }

    private void awaitDue() {
      if (pause == 0) {
        due = System.nanoTime();
        return;
      }
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }

    private void note(int status) {
      long now = System.nanoTime();
      seen.add(new Seen(now, now - due, status));
      due = Math.max(due + pause, now - LONGEST_BEHIND);
    }
  }
}
