package dev.headgate.datasource.pool;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a failure gate lets one through who probes. */
final class FailureGateTest {

  private static final ConnectFailure DOWN = ConnectFailure.silent("down");
  private static final long LONGEST = SECONDS.toNanos(2);

  /** Near its end, where nanosecond clocks overflow. */
  private long now = Long.MAX_VALUE - SECONDS.toNanos(1);

  private double random = 0.5;
  private final FailureGate gate = new FailureGate(new Intervals(LONGEST, () -> random), now);

  private void passMillis(long millis) {
    now += MILLISECONDS.toNanos(millis);
  }

  private boolean open() {
    return gate.failed(DOWN, null, now, now);
  }

  private @Nullable Object tryProbe() {
    return gate.tryProbe(now, now + SECONDS.toNanos(3));
  }

  private Object probe() {
    Object probe = tryProbe();
    assertThat(probe).isNotNull();
    return Objects.requireNonNull(probe);
  }

  private void failToProbe() {
    assertThat(gate.failed(DOWN, probe(), now, now)).isFalse();
  }

  @Test
  void closed_refusesNoOne() {
    assertThat(gate.isOpen()).isFalse();
    assertThat(gate.refuses(now)).isFalse();
    assertThat(gate.refusal(now)).isNull();
  }

  @Test
  void failure_opensIt_andOneProbesAtOnce() {
    assertThat(open()).isTrue();
    assertThat(gate.isOpen()).isTrue();
    assertThat(gate.refuses(now)).isFalse();
    probe();
    assertThat(tryProbe()).isNull();
    assertThat(gate.refuses(now)).isTrue();
  }

  @Test
  void probesThatFail_areFartherAndFartherApart() {
    open();
    List<Long> waited = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      failToProbe();
      long failed = now;
      while (gate.refuses(now)) {
        passMillis(1);
      }
      waited.add(now - failed);
    }
    assertThat(waited)
        .containsExactly(
            MILLISECONDS.toNanos(250),
            MILLISECONDS.toNanos(500),
            MILLISECONDS.toNanos(1000),
            LONGEST,
            LONGEST,
            LONGEST);
  }

  @Test
  void intervals_areSpread() {
    open();
    random = 0;
    failToProbe();
    passMillis(187);
    assertThat(tryProbe()).isNull();
    passMillis(1);
    random = 1;
    failToProbe();
    passMillis(624);
    assertThat(tryProbe()).isNull();
    passMillis(1);
    probe();
  }

  @Test
  void success_closesIt() {
    open();
    probe();
    passMillis(1);
    assertThat(gate.succeeded(now)).isTrue();
    assertThat(gate.isOpen()).isFalse();
    assertThat(gate.succeeded(now)).isFalse();
  }

  @Test
  void failureOfOneThatBeganBeforeTheLastSuccess_saysNothing() {
    long begun = now;
    passMillis(1);
    gate.succeeded(now);
    passMillis(1);
    assertThat(gate.failed(DOWN, null, begun, now)).isFalse();
    assertThat(gate.isOpen()).isFalse();
  }

  @Test
  void failureOfOneThatBeganBeforeItWasMade_saysNothing() {
    assertThat(gate.failed(DOWN, null, now - 1, now)).isFalse();
  }

  @Test
  void failuresOfOthers_makeNoIntervalLonger_norEndAProbe() {
    open();
    Object probe = probe();
    for (int i = 0; i < 10; i++) {
      assertThat(gate.failed(DOWN, null, now, now)).isFalse();
      assertThat(tryProbe()).isNull();
    }
    gate.failed(DOWN, probe, now, now);
    passMillis(250);
    probe();
  }

  @Test
  void probeOfWhichNothingIsHeard_countsAsFailedInTheEnd() {
    open();
    probe();
    passMillis(2999);
    assertThat(tryProbe()).isNull();
    passMillis(1);
    probe();
    assertThat(tryProbe()).isNull();
  }

  @Test
  void probeThatWasGivenUp_doesNotEndTheNextOne() {
    open();
    Object late = probe();
    passMillis(3000);
    probe();
    gate.leave(late, now);
    assertThat(tryProbe()).isNull();
    gate.failed(DOWN, late, now, now);
    assertThat(tryProbe()).isNull();
  }

  @Test
  void probeOfAnEarlierOpening_doesNotEndThatOfThisOne() {
    open();
    Object late = probe();
    gate.succeeded(now);
    open();
    probe();
    gate.leave(late, now);
    gate.failed(DOWN, late, now, now);
    assertThat(tryProbe()).isNull();
  }

  @Test
  void whoLeavesWithoutConnecting_letsTheNextOneProbe() {
    open();
    gate.leave(probe(), now);
    probe();
  }

  @Test
  void leavingAfterTheProbe_changesNothing() {
    open();
    Object probe = probe();
    gate.failed(DOWN, probe, now, now);
    gate.leave(probe, now);
    gate.leave(null, now);
    assertThat(gate.refuses(now)).isTrue();
  }

  @Test
  void refusal_saysWhyAndWhenToComeBack_toEachOneSomethingElse() {
    open();
    passMillis(10);
    failToProbe();
    random = 0;
    Refusal first = gate.refusal(now);
    assertThat(first).isNotNull();
    assertThat(first.last()).isEqualTo(DOWN);
    assertThat(first.failures()).isEqualTo(2);
    assertThat(first.openNanos()).isEqualTo(MILLISECONDS.toNanos(10));
    assertThat(first.retryNanos()).isEqualTo(MILLISECONDS.toNanos(250));
    random = 0.5;
    Refusal second = gate.refusal(now);
    assertThat(second).isNotNull();
    assertThat(second.retryNanos()).isEqualTo(MILLISECONDS.toNanos(375));
  }

  @Test
  void openGateThatNobodyProbes_isForgotten() {
    assertThat(gate.isForgotten(now, 1)).isFalse();
    open();
    assertThat(gate.isForgotten(now, MILLISECONDS.toNanos(1))).isFalse();
    passMillis(1);
    assertThat(gate.isForgotten(now, MILLISECONDS.toNanos(1))).isTrue();
    probe();
    assertThat(gate.isForgotten(now, MILLISECONDS.toNanos(1))).isFalse();
  }

  @Test
  void openGateWhoseLastProbeWasLost_isForgotten() {
    open();
    probe();
    passMillis(2999);
    assertThat(gate.isForgotten(now, 0)).isFalse();
    passMillis(1);
    assertThat(gate.isForgotten(now, 0)).isTrue();
  }
}
