package dev.headgate.benchmarks.borrow;

import dev.headgate.benchmarks.harness.Estimate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.openjdk.jmh.runner.RunnerException;

/**
 * What came of many turns that ran in rounds, in one order and then in the other, so that each is
 * compared with what ran at nearly the same time.
 */
final class Rounds {

  private final Duration each;
  private final Map<Turn, List<Double>> nanos = new LinkedHashMap<>();

  Rounds(List<Turn> turns, Duration each) {
    this.each = each;
    turns.forEach(turn -> nanos.put(turn, new ArrayList<>()));
  }

  void run(int rounds) throws RunnerException {
    List<Turn> order = new ArrayList<>(nanos.keySet());
    for (int i = 0; i < rounds; i++) {
      for (Turn turn : order) {
        nanos.getOrDefault(turn, List.of()).add(turn.nanos(each));
      }
      Collections.reverse(order);
    }
  }

  Estimate nanos(Turn turn) {
    return Estimate.ofMedian(values(turn));
  }

  /** Estimates how much time one takes, as a multiple of what another one takes. */
  Estimate ratio(Turn one, Turn other) {
    double[] ones = values(one);
    double[] others = values(other);
    return Estimate.ofMedian(
        IntStream.range(0, ones.length).mapToDouble(i -> ones[i] / others[i]).toArray());
  }

  private double[] values(Turn turn) {
    return nanos.getOrDefault(turn, List.of()).stream().mapToDouble(Double::doubleValue).toArray();
  }
}
