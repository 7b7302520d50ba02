package dev.headgate.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class EstimateTest {

  @Test
  void median_ofAnOddNumber_isTheOneInTheMiddle() {
    assertThat(Estimate.ofMedian(9, 1, 2).median()).isEqualTo(2);
  }

  @Test
  void median_ofAnEvenNumber_isBetweenTheTwoInTheMiddle() {
    assertThat(Estimate.ofMedian(9, 1, 2, 3).median()).isEqualTo(2.5);
  }

  /** From tables of the sign test: P(X ≤ 5) of 20 coins is 0.0207, P(X ≤ 6) is 0.0577. */
  @Test
  void interval_ofTwenty_leavesOutFiveAtEachEnd() {
    assertThat(upTo(20)).isEqualTo(new Estimate(10.5, 6, 15));
  }

  /** P(X ≤ 1) of 10 coins is 0.0107, P(X ≤ 2) is 0.0547. */
  @Test
  void interval_ofTen_leavesOutOneAtEachEnd() {
    assertThat(upTo(10)).isEqualTo(new Estimate(5.5, 2, 9));
  }

  @Test
  void interval_ofFew_isAllOfThem() {
    assertThat(upTo(5)).isEqualTo(new Estimate(3, 1, 5));
    assertThat(upTo(1)).isEqualTo(new Estimate(1, 1, 1));
  }

  @Test
  void nothing_isRefused() {
    assertThatThrownBy(Estimate::ofMedian).isInstanceOf(IllegalArgumentException.class);
  }

  private static Estimate upTo(int count) {
    return Estimate.ofMedian(
        DoubleStream.iterate(count, value -> value - 1).limit(count).toArray());
  }
}
