package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class FailureGatesTest {

  /** Or all of them would come back together. */
  @Test
  void whoIsTurnedAway_comesBackAtATimeOfItsOwn() {
    Gates gates = new FailureGates(Duration.ofSeconds(5)).of(Database.of("jdbc:stub:x"));
    long now = System.nanoTime();
    gates.failed(ConnectFailure.silent("no answer"), Probe.NONE, now, now);
    LongStream waits =
        LongStream.range(0, 20)
            .map(each -> Objects.requireNonNull(gates.refusal(now)).retryNanos());
    assertThat(waits.distinct().count()).isGreaterThan(1);
  }
}
