package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a server is suspected of being down, and when it is asked. */
final class DoubtTest {

  /** Near its end, where nanosecond clocks overflow. */
  private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

  private final Object one = new Object();
  private final Object other = new Object();
  private final Doubt doubt = new Doubt(now);

  @Test
  void twoShareIt_untilOneHasConnected() {
    assertThat(doubt.isSharedBy(one, now)).isFalse();
    assertThat(doubt.isSharedBy(one, now)).isFalse();
    assertThat(doubt.isSharedBy(other, now)).isTrue();
    doubt.end();
    assertThat(doubt.isSharedBy(other, now)).isFalse();
  }

  @Test
  void itDoesNotLast() {
    assertThat(doubt.isSharedBy(one, now)).isFalse();
    now += Doubt.LONGEST;
    assertThat(doubt.isSharedBy(other, now)).isFalse();
    now += Doubt.LONGEST - 1;
    assertThat(doubt.isSharedBy(one, now)).isTrue();
  }

  @Test
  void test_isOneAtATime_andNotAgainAtOnce() {
    assertThat(doubt.tryTest(now)).isTrue();
    assertThat(doubt.tryTest(now)).isFalse();
    doubt.tested(now);
    now += Doubt.BETWEEN_TESTS - 1;
    assertThat(doubt.tryTest(now)).isFalse();
    now++;
    assertThat(doubt.tryTest(now)).isTrue();
  }
}
