package dev.headgate.benchmarks.budget;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Many threads, each with one request after the other, of databases drawn at random. */
final class Requests {

  private static final int THREADS = 32;

  private final Databases databases;
  private final Side side;

  Requests(Databases databases, Side side) {
    this.databases = databases;
    this.side = side;
  }

  /**
   * What came of them.
   *
   * @param perSecond how many were answered each second
   * @param p99Millis within what time 99 of 100 were answered, or failed
   * @param longestMillis how long the slowest took
   * @param failure one of the failures, or null
   */
  record Result(
      long answered,
      long failed,
      double perSecond,
      double p99Millis,
      double longestMillis,
      @Nullable Throwable failure) {}

  /** What one thread has seen. */
  private static final class Seen {
    private long[] nanos = new long[1024];
    private int count;
    private long failed;
    private @Nullable Throwable failure;

    void add(long took) {
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      nanos[count++] = took;
    }

    LongStream nanos() {
      return Arrays.stream(nanos, 0, count);
    }
  }

  Result run(Duration time) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      long start = System.nanoTime();
      long end = start + time.toNanos();
      List<Callable<Seen>> loops = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(i);
        loops.add(() -> loop(random, end));
      }
      List<Seen> all = new ArrayList<>();
      for (Future<Seen> each : threads.invokeAll(loops)) {
        all.add(each.get());
      }
      return result(all, System.nanoTime() - start);
    } finally {
      threads.shutdownNow();
    }
  }

  private Seen loop(Random random, long end) {
    Seen seen = new Seen();
    long now = System.nanoTime();
    while (now < end) {
      int database = databases.draw(random);
      try {
        side.with(database, connection -> databases.check(connection, database));
      } catch (SQLException | RuntimeException e) {
        seen.failed++;
        seen.failure = e;
      }
      long after = System.nanoTime();
      seen.add(after - now);
      now = after;
    }
    return seen;
  }

  private static Result result(List<Seen> all, long took) {
    long[] sorted = all.stream().flatMapToLong(Seen::nanos).sorted().toArray();
    long failed = all.stream().mapToLong(seen -> seen.failed).sum();
    long answered = sorted.length - failed;
    return new Result(
        answered,
        failed,
        answered * 1e9 / took,
        sorted[(int) Math.ceil(0.99 * sorted.length) - 1] / 1e6,
        sorted[sorted.length - 1] / 1e6,
        all.stream().map(seen -> seen.failure).filter(each -> each != null).findAny().orElse(null));
  }
}
