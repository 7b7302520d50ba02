package dev.headgate.benchmarks.idle;

import dev.headgate.benchmarks.harness.BareDriver;
import dev.headgate.benchmarks.harness.Heap;
import dev.headgate.benchmarks.harness.Length;
import dev.headgate.benchmarks.harness.NewThreads;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * What was seen of many idle pools.
 *
 * @param makeMicros how long it took to make one and to use it, with a connect that takes no time
 * @param threads how many there are of them all, after a while without use
 * @param kilobytes how much heap there is to each, without what its connections are by themselves
 * @param closeSeconds how long it took to close all
 * @param peakConnecting how many threads were connecting at once, with a connect that takes a while
 */
record Seen(
    int pools,
    double makeMicros,
    int threads,
    double kilobytes,
    double closeSeconds,
    int peakConnecting) {

  private static final Duration CONNECT = Duration.ofMillis(5);
  private static final int CLIENTS = 64;

  /** So many are made before, so that it is compiled, and again for the peak. */
  private static final int PART = 10;

  @SuppressWarnings("try") // the driver is there for the pools
  static Seen of(IntFunction<ManyPools> way, int pools, int connectionsEach, Length length)
      throws Exception {
    int part = Math.max(1, pools / PART);
    int peak = peakConnecting(way, part);
    try (BareDriver driver = BareDriver.register(Duration.ZERO)) {
      double connectionBytes = connectionBytes(pools);
      NewThreads threads = new NewThreads();
      ManyPools many = way.apply(pools);
      long before = Heap.used();
      long begin = System.nanoTime();
      for (int i = 0; i < pools; i++) {
        many.use(i);
      }
      double makeMicros = (System.nanoTime() - begin) / 1e3 / pools;
      Thread.sleep(length.quiet().toMillis());
      int threadsLeft = threads.count();
      double bytes = (double) (Heap.used() - before) / pools - connectionBytes * connectionsEach;
      begin = System.nanoTime();
      many.close();
      double closeSeconds = (System.nanoTime() - begin) / 1e9;
      return new Seen(pools, makeMicros, threadsLeft, bytes / 1024, closeSeconds, peak);
    }
  }

  /** Has many threads use pools that are not there yet. */
  private static int peakConnecting(IntFunction<ManyPools> way, int pools) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try (BareDriver driver = BareDriver.register(CONNECT);
        ManyPools many = way.apply(pools)) {
      AtomicInteger next = new AtomicInteger();
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        all.add(
            clients.submit(
                () -> {
                  for (int pool = next.getAndIncrement();
                      pool < pools;
                      pool = next.getAndIncrement()) {
                    many.use(pool);
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
      return driver.mostConnecting();
    } finally {
      clients.shutdownNow();
    }
  }

  /** Returns what a connection is on the heap without a pool. */
  private static double connectionBytes(int count) throws SQLException {
    List<Connection> kept = new ArrayList<>(count);
    long before = Heap.used();
    for (int i = 0; i < count; i++) {
      kept.add(DriverManager.getConnection(BareDriver.url("t" + i)));
    }
    double bytes = (double) (Heap.used() - before) / count;
    for (Connection connection : kept) {
      connection.close();
    }
    return bytes;
  }
}
