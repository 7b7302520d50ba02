package dev.headgate.datasource.pool;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a failure gate lets one through who tries. */
final class FailureGateTest {

  private static final ConnectFailure DOWN = ConnectFailure.noAnswer("down");
  private static final long LONGEST = SECONDS.toNanos(2);

  /** Near its end, where nanosecond clocks overflow. */
  private long now = Long.MAX_VALUE - SECONDS.toNanos(1);

  private double random = 0.5;
  private final FailureGate gate = new FailureGate(LONGEST, () -> random);

  private void passMillis(long millis) {
    now += MILLISECONDS.toNanos(millis);
  }

  private boolean fail() {
    return gate.failed(DOWN, now, now);
  }

  private boolean tryEnter() {
    return gate.tryEnter(now, now + SECONDS.toNanos(3));
  }

  @Test
  void closed_refusesNoOne() {
    assertThat(gate.isOpen()).isFalse();
    assertThat(gate.refuses(now)).isFalse();
    assertThat(gate.refusal(now)).isNull();
  }

  @Test
  void failure_opensIt_andOneTriesAtOnce() {
    assertThat(fail()).isTrue();
    assertThat(gate.isOpen()).isTrue();
    assertThat(gate.refuses(now)).isFalse();
    assertThat(tryEnter()).isTrue();
    assertThat(tryEnter()).isFalse();
    assertThat(gate.refuses(now)).isTrue();
  }

  @Test
  void attemptsThatFail_areFartherAndFartherApart() {
    fail();
    List<Long> waited = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      assertThat(tryEnter()).isTrue();
      assertThat(fail()).isFalse();
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
    fail();
    tryEnter();
    random = 0;
    fail();
    passMillis(187);
    assertThat(tryEnter()).isFalse();
    passMillis(1);
    assertThat(tryEnter()).isTrue();
    random = 1;
    fail();
    passMillis(624);
    assertThat(tryEnter()).isFalse();
    passMillis(1);
    assertThat(tryEnter()).isTrue();
  }

  @Test
  void success_closesIt() {
    fail();
    tryEnter();
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
    assertThat(gate.failed(DOWN, begun, now)).isFalse();
    assertThat(gate.isOpen()).isFalse();
  }

  @Test
  void failuresOfOthersThatBeganBefore_makeNoIntervalLonger() {
    long begun = now;
    passMillis(1);
    fail();
    for (int i = 0; i < 10; i++) {
      assertThat(gate.failed(DOWN, begun, now)).isFalse();
    }
    assertThat(tryEnter()).isTrue();
    fail();
    passMillis(250);
    assertThat(tryEnter()).isTrue();
  }

  @Test
  void attemptOfWhichNothingIsHeard_countsAsFailedInTheEnd() {
    fail();
    tryEnter();
    passMillis(2999);
    assertThat(tryEnter()).isFalse();
    passMillis(1);
    assertThat(tryEnter()).isTrue();
    assertThat(tryEnter()).isFalse();
  }

  @Test
  void whoLeavesWithoutTrying_letsTheNextOneTry() {
    fail();
    tryEnter();
    gate.leave(now);
    assertThat(tryEnter()).isTrue();
  }

  @Test
  void leaving_whenNobodyTries_changesNothing() {
    fail();
    tryEnter();
    fail();
    gate.leave(now);
    assertThat(gate.refuses(now)).isTrue();
  }

  @Test
  void refusal_saysWhyAndWhenToComeBack_toEachOneSomethingElse() {
    fail();
    passMillis(10);
    tryEnter();
    fail();
    random = 0;
    FailureGate.Refusal first = gate.refusal(now);
    assertThat(first).isNotNull();
    assertThat(first.last()).isEqualTo(DOWN);
    assertThat(first.failures()).isEqualTo(2);
    assertThat(first.openNanos()).isEqualTo(MILLISECONDS.toNanos(10));
    assertThat(first.retryNanos()).isEqualTo(MILLISECONDS.toNanos(250));
    random = 0.5;
    FailureGate.Refusal second = gate.refusal(now);
    assertThat(second).isNotNull();
    assertThat(second.retryNanos()).isEqualTo(MILLISECONDS.toNanos(375));
  }

  @Test
  void doubt_isSharedWhenTwoHaveIt_untilOneHasConnected() {
    Object one = new Object();
    Object other = new Object();
    assertThat(gate.isDoubtedAlsoBy(one, now)).isFalse();
    assertThat(gate.isDoubtedAlsoBy(one, now)).isFalse();
    assertThat(gate.isDoubtedAlsoBy(other, now)).isTrue();
    gate.succeeded(now);
    assertThat(gate.isDoubtedAlsoBy(other, now)).isFalse();
  }

  @Test
  void doubt_doesNotLast() {
    assertThat(gate.isDoubtedAlsoBy(new Object(), now)).isFalse();
    now += FailureGate.LONGEST_DOUBT;
    Object other = new Object();
    assertThat(gate.isDoubtedAlsoBy(other, now)).isFalse();
    now += FailureGate.LONGEST_DOUBT - 1;
    assertThat(gate.isDoubtedAlsoBy(new Object(), now)).isTrue();
  }

  @Test
  void test_isOneAtATime_andNotAgainAtOnce() {
    assertThat(gate.tryTest(now)).isTrue();
    assertThat(gate.tryTest(now)).isFalse();
    gate.tested(now);
    assertThat(gate.tryTest(now)).isFalse();
    passMillis(250);
    assertThat(gate.tryTest(now)).isTrue();
  }

  @Test
  void openGate_isNotTested() {
    fail();
    assertThat(gate.tryTest(now)).isFalse();
  }

  @Test
  void openGateThatNobodyTries_isForgotten() {
    assertThat(gate.isForgotten(now, 1)).isFalse();
    fail();
    assertThat(gate.isForgotten(now, MILLISECONDS.toNanos(1))).isFalse();
    passMillis(1);
    assertThat(gate.isForgotten(now, MILLISECONDS.toNanos(1))).isTrue();
    tryEnter();
    assertThat(gate.isForgotten(now, MILLISECONDS.toNanos(1))).isFalse();
  }

  @Test
  void openGateWhoseLastAttemptWasLost_isForgotten() {
    fail();
    tryEnter();
    passMillis(2999);
    assertThat(gate.isForgotten(now, 0)).isFalse();
    passMillis(1);
    assertThat(gate.isForgotten(now, 0)).isTrue();
  }
}
