package dev.headgate.benchmarks.harness;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** What is left on the heap when the garbage is collected. */
public final class Heap {

  /** What is only reachable by references that the collector clears is gone with the next ones. */
  private static final int COLLECTIONS = 4;

  private Heap() {}

  /** Collects the garbage and returns how many bytes are in use. */
  public static long used() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
