package dev.headgate.benchmarks.borrow;

import java.util.Random;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.ThreadParams;

/** Draws tenants at random: the same ones for each peer, and others on each thread. */
@State(Scope.Thread)
public class Draw {

  /** So many that all of ten thousand tenants come, and a power of two. */
  private static final int LENGTH = 1 << 17;

  private final int[] drawn = new int[LENGTH];
  private int next;

  @Setup
  public void draw(BenchmarkParams benchmark, ThreadParams thread) {
    int tenants = Integer.parseInt(benchmark.getParam("tenants"));
    Random random = new Random(thread.getThreadIndex());
    for (int i = 0; i < LENGTH; i++) {
      drawn[i] = random.nextInt(tenants);
    }
  }

  int next() {
    next = (next + 1) & (LENGTH - 1);
    return drawn[next];
  }
}
