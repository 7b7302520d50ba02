package dev.headgate.benchmarks.harness;

/** How many requests took how long, by microseconds. Not safe for use by several threads. */
public final class Latencies {

  /** What takes longer counts as this. */
  private static final int LONGEST_MICROS = 100_000;

  private final int[] counts = new int[LONGEST_MICROS + 1];
  private long count;

  /** Adds one that took so long. */
  public void add(long nanos) {
    counts[(int) Math.min(nanos / 1000, LONGEST_MICROS)]++;
    count++;
  }

  /** Adds those that others have seen. */
  public void add(Latencies others) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += others.counts[i];
    }
    count += others.count;
  }

  /** Returns how many there are. */
  public long count() {
    return count;
  }

  /** Returns the microseconds within which this share of the requests was answered. */
  public int quantile(double share) {
    long within = (long) Math.ceil(share * count);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= within) {
        return i;
      }
    }
    return LONGEST_MICROS;
  }
}
