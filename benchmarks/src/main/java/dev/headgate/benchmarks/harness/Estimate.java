package dev.headgate.benchmarks.harness;

import java.util.Arrays;
import java.util.Locale;

/**
 * A median and the interval in which the true one is with a confidence of at least 95 %. The
 * interval is that of the sign test, which asks nothing of the distribution: the true median lies
 * between two of the sorted values unless too many of them fell on one side of it, as coins do. Of
 * fewer than six values it is all of them, and the confidence is less.
 *
 * @param low the interval's lower end
 * @param high the interval's upper end
 */
public record Estimate(double median, double low, double high) {

  private static final double EACH_TAIL = 0.025;

  /**
   * Returns the median of some values.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Estimate ofMedian(double... values) {
    int count = values.length;
    if (count == 0) {
      throw new IllegalArgumentException("no value has no median");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    int outside = outside(count);
    return new Estimate(median, sorted[outside], sorted[count - 1 - outside]);
  }

  /** Returns how many of the sorted values may be left out at each end. */
  private static int outside(int count) {
    double exactly = Math.pow(0.5, count);
    double upTo = exactly;
    int outside = 0;
    while (upTo <= EACH_TAIL) {
      exactly = exactly * (count - outside) / (outside + 1);
      outside++;
      upTo += exactly;
    }
    // The true median is below the k-th value if fewer than k are below it.
    return Math.max(0, outside - 1);
  }

  /** Returns the interval as a text, each end in a form as {@link String#format} has it. */
  public String interval(String format) {
    return String.format(Locale.ROOT, format + " to " + format, low, high);
  }
}
