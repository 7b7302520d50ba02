package dev.headgate.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenciesTest {

  private final Latencies latencies = new Latencies();

  @Test
  void quantile_isWithinWhatSoManyWere() {
    for (int micros = 1; micros <= 200; micros++) {
      latencies.add(micros * 1000L + 999);
    }
    assertThat(latencies.quantile(0.99)).isEqualTo(198);
    assertThat(latencies.quantile(1)).isEqualTo(200);
  }

  @Test
  void whatTookForEver_countsAsTheLongest() {
    latencies.add(Long.MAX_VALUE);
    assertThat(latencies.quantile(0.5)).isEqualTo(100_000);
  }

  @Test
  void added_areCounted() {
    Latencies others = new Latencies();
    others.add(5_000);
    latencies.add(1_000);
    latencies.add(others);
    assertThat(latencies.count()).isEqualTo(2);
    assertThat(latencies.quantile(1)).isEqualTo(5);
  }
}
