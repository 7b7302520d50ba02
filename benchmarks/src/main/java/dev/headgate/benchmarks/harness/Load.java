package dev.headgate.benchmarks.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clients that send requests to a server, each the next one when it has the answer. Any answer that
 * is not the right one ends the run with an exception.
 */
public final class Load {

  /** How many clients there are: enough to keep a server with a few processors busy. */
  public static final int CLIENTS = 4;

  /**
   * What the clients have seen.
   *
   * @param requests how many requests were answered
   * @param perSecond how many were answered in a second
   * @param p99Micros within how many microseconds 99 % of them were answered
   */
  public record Seen(long requests, double perSecond, double p99Micros) {}

  private final int port;
  private final List<Exchange> exchanges;

  /** Makes a load of these requests in turn; the clients begin at different ones. */
  public Load(int port, List<Exchange> exchanges) {
    this.port = port;
    this.exchanges = List.copyOf(exchanges);
  }

  /** Sends requests for a while. */
  public Seen run(Duration time) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      CyclicBarrier start = new CyclicBarrier(CLIENTS);
      List<Future<Client>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Client client = new Client(i);
        clients.add(threads.submit(() -> client.run(start, time.toNanos())));
      }
      Latencies all = new Latencies();
      double perSecond = 0;
      for (Future<Client> each : clients) {
        Client client = each.get();
        all.add(client.latencies);
        perSecond += client.latencies.count() * 1e9 / client.nanos;
      }
      return new Seen(all.count(), perSecond, all.quantile(0.99));
    } catch (ExecutionException e) {
      throw new IllegalStateException("a client has failed: " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  private final class Client {

    private final Latencies latencies = new Latencies();
    private int next;
    private long nanos;

    Client(int number) {
      next = number % exchanges.size();
    }

    Client run(CyclicBarrier start, long time) throws Exception {
      try (HttpConnection connection = new HttpConnection(port)) {
        start.await();
        long begin = System.nanoTime();
        long before = begin;
        do {
          connection.send(exchanges.get(next));
          next = next + 1 == exchanges.size() ? 0 : next + 1;
          long after = System.nanoTime();
          latencies.add(after - before);
          before = after;
        } while (before - begin < time);
        nanos = before - begin;
      }
      return this;
    }
  }
}
