package dev.headgate.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class PairsTest {

  private final List<String> order = new ArrayList<>();

  @Test
  void sides_takeTurnsInGoingFirst() throws Exception {
    run(3, side("a", 1), side("b", 1));
    assertThat(order).containsExactly("a", "b", "b", "a", "a", "b");
  }

  @Test
  void values_areThoseOfTheirSide() throws Exception {
    Pairs<Double> pairs = run(4, side("a", 3), side("b", 2));
    assertThat(pairs.one(Double::doubleValue).median()).isEqualTo(3);
    assertThat(pairs.other(Double::doubleValue).median()).isEqualTo(2);
    assertThat(pairs.ratio(Double::doubleValue)).isEqualTo(new Estimate(1.5, 1.5, 1.5));
    assertThat(pairs.difference(Double::doubleValue)).isEqualTo(new Estimate(1, 1, 1));
  }

  private static Pairs<Double> run(int count, Callable<Double> one, Callable<Double> other)
      throws Exception {
    Pairs<Double> pairs = new Pairs<>(one, other);
    for (int i = 0; i < count; i++) {
      pairs.runNext();
    }
    return pairs;
  }

  private Callable<Double> side(String name, double value) {
    return () -> {
      order.add(name);
      return value;
    };
  }
}
