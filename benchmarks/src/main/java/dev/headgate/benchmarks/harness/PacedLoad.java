package dev.headgate.benchmarks.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import java.util.function.LongToIntFunction;

/**
 * Clients that send requests to a server at a given rate, as far as it answers. Any other status
 * than the right one ends the run with an exception.
 */
public final class PacedLoad {

  /** What is sent, by the number of the request. */
  public record Requests(LongFunction<byte[]> texts, LongToIntFunction statuses) {}

  private static final int STATUS_BEGIN = "HTTP/1.1 ".length();
  private static final int STATUS_LENGTH = 3;

  private final int port;
  private final int clients;
  private final Requests requests;

  /** The number of the next run's first request: no run sends what another one has sent. */
  private long first;

  /** Makes a load of so many clients. */
  public PacedLoad(int port, int clients, Requests requests) {
    this.port = port;
    this.clients = clients;
    this.requests = requests;
  }

  /**
   * Sends requests for a while; returns how many were answered in a second.
   *
   * @param perSecond how many are sent in a second, by all clients; infinite for no pace
   */
  public double run(double perSecond, Duration time) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      CyclicBarrier start = new CyclicBarrier(clients);
      long gap = (long) (TimeUnit.SECONDS.toNanos(1) * clients / perSecond);
      List<Future<Long>> running = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        long number = first + i;
        // Not all at the same moment.
        long delay = gap * i / clients;
        running.add(threads.submit(() -> send(number, start, delay, gap, time.toNanos())));
      }
      long answered = 0;
      long most = 0;
      for (Future<Long> each : running) {
        answered += each.get();
        most = Math.max(most, each.get());
      }
      first += most * clients;
      return answered * 1e9 / time.toNanos();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a client has failed: " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  private long send(long number, CyclicBarrier start, long delay, long gap, long time)
      throws Exception {
    long count = 0;
    try (HttpConnection connection = new HttpConnection(port)) {
      start.await();
      long end = System.nanoTime() + time;
      long next = System.nanoTime() + delay;
      while (next - end < 0 && System.nanoTime() - end < 0) {
        await(next);
        long request = number + count * clients;
        requireStatus(
            requests.statuses().applyAsInt(request),
            connection.send(requests.texts().apply(request)));
        count++;
        next += gap;
      }
    }
    return count;
  }

  private static void await(long nanoTime) {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static void requireStatus(int status, byte[] answer) throws IOException {
    String seen = new String(answer, STATUS_BEGIN, STATUS_LENGTH, StandardCharsets.ISO_8859_1);
    if (!seen.equals(Integer.toString(status))) {
      throw new IOException(
          "the status should be %d in: %s"
              .formatted(status, new String(answer, StandardCharsets.ISO_8859_1)));
    }
  }
}
