package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many connects are allowed at a time, on a clock and a server that are made up. */
final class ConnectLimitTest {

  private static final long MILLI = 1_000_000;
  private static final int MOST = 20;

  private final ConnectLimit limit = new ConnectLimit(MOST, 0);
  private long now;

  /** A server that shares its processors among the connects that it is asked for. */
  private final class SharedServer {

    private static final long STEP = MILLI / 10;

    private final List<Connect> running = new ArrayList<>();
    private int made;
    private long sumRunning;
    private long steps;

    private final class Connect {

      private final ConnectLimit.Attempt attempt = limit.begin(now);
      private final long begun = now;
      private double left;

      Connect(long alone) {
        left = alone;
      }
    }

    void run(int processors, long alone, long duration) {
      run(processors, () -> alone, duration);
    }

    /** Opens as many connections as are allowed for a while. */
    void run(int processors, LongSupplier alone, long duration) {
      made = 0;
      sumRunning = 0;
      steps = 0;
      for (long end = now + duration; now < end; now += STEP) {
        while (limit.allows(now) && running.size() < MOST) {
          running.add(new Connect(alone.getAsLong()));
        }
        sumRunning += running.size();
        steps++;
        double share = Math.min(1, (double) processors / running.size());
        running.forEach(connect -> connect.left -= share * STEP);
        for (Connect connect : List.copyOf(running)) {
          if (connect.left <= 0) {
            running.remove(connect);
            made++;
            connect.attempt.opened(now - connect.begun, now);
          }
        }
      }
    }

    double running() {
      return (double) sumRunning / steps;
    }
  }

  private final SharedServer server = new SharedServer();

  @ParameterizedTest
  @CsvSource({"1, 4", "2, 4", "4, 4", "8, 4", "2, 300", "8, 300"})
  void asManyAsTheServerMakesTogether_andOneMore(int processors, long millis) {
    long alone = millis * MILLI;
    server.run(processors, alone, 2_000 * alone);
    server.run(processors, alone, 2_000 * alone);
    assertThat(server.running()).isBetween(processors * 0.9, processors + 2.0);
    assertThat(server.made).isGreaterThan((int) (0.9 * 2_000 * processors));
  }

  @Test
  void serverThatMakesAllTogether_isAskedForAll() {
    server.run(64, 4 * MILLI, 4_000 * MILLI);
    server.run(64, 4 * MILLI, 4_000 * MILLI);
    assertThat(server.running()).isGreaterThan(0.9 * MOST);
  }

  @ParameterizedTest
  @CsvSource({"10, 10, 0", "20, 10, 0", "0, 1, 0.5", "0, 1, 0.8"})
  void someTakeLongerByThemselves_theServerIsAskedForManyAllTheSame(
      int percent, int times, double deviation) {
    Random random = new Random(1);
    LongSupplier alone =
        () ->
            (long)
                (4
                    * MILLI
                    * Math.exp(deviation * random.nextGaussian())
                    * (random.nextInt(100) < percent ? times : 1));
    server.run(64, alone, 10_000 * MILLI);
    server.run(64, alone, 20_000 * MILLI);
    assertThat(server.running()).isGreaterThan(MOST / 2.0);
  }

  @Test
  void tookLongWhenNoOneWaited_saysNothingOfHowLongOneTakes() {
    ConnectLimit.Attempt slow = limit.begin(now);
    now += 60_000 * MILLI;
    slow.opened(60_000 * MILLI, now);
    server.run(2, 4 * MILLI, 20_000 * MILLI);
    server.run(2, 4 * MILLI, 10_000 * MILLI);
    assertThat(server.running()).isBetween(1.8, 4.0);
  }

  @Test
  void serverThatBecomesFasterOrSlower_isFollowed() {
    server.run(8, 4 * MILLI, 20_000 * MILLI);
    server.run(2, 12 * MILLI, 10_000 * MILLI);
    server.run(2, 12 * MILLI, 10_000 * MILLI);
    assertThat(server.running()).isBetween(1.8, 4.0);
    server.run(8, 4 * MILLI, 10_000 * MILLI);
    server.run(8, 4 * MILLI, 10_000 * MILLI);
    assertThat(server.running()).isBetween(7.0, 10.0);
  }

  @Test
  void allTakeLongerThanIsWaitedForThat_delaysFewOnly() {
    server.run(64, 1_100 * MILLI, 20_000 * MILLI);
    server.run(64, 1_100 * MILLI, 100_000 * MILLI);
    assertThat(server.running()).isGreaterThan(0.75 * MOST);
  }

  @Test
  void notKnownYet_oneIsAlone() {
    assertThat(limit.allows(now)).isTrue();
    ConnectLimit.Attempt alone = limit.begin(now);
    assertThat(limit.allows(now)).isFalse();
    now += 4 * MILLI;
    alone.opened(4 * MILLI, now);
    for (int i = 0; i < MOST; i++) {
      assertThat(limit.allows(now)).isTrue();
      limit.begin(now);
    }
    assertThat(limit.allows(now)).isFalse();
  }

  @Test
  void hangs_delaysOthersForAMoment() {
    limit.begin(now);
    now += limit.untilOverdue() - 1;
    assertThat(limit.allows(now)).isFalse();
    now++;
    for (int i = 0; i < MOST; i++) {
      assertThat(limit.allows(now)).isTrue();
      limit.begin(now);
    }
    assertThat(limit.allows(now)).isFalse();
  }

  @Test
  void knownHowLongOneTakes_soIsSoonWhetherOneHangs() {
    limit.begin(now).opened(4 * MILLI, now);
    assertThat(limit.untilOverdue()).isEqualTo(100 * MILLI);
    limit.begin(now).opened(400 * MILLI, now);
    limit.begin(now).opened(400 * MILLI, now);
    assertThat(limit.untilOverdue()).as("a server far away").isEqualTo(1_600 * MILLI);
  }

  @Test
  void someTakeMuchLongerAndDoNotHang_isMeasuredAgain() {
    limit.begin(now).opened(4 * MILLI, now);
    assertThat(limit.untilOverdue()).isEqualTo(100 * MILLI);
    server.run(64, 150 * MILLI, 10_000 * MILLI);
    assertThat(limit.untilOverdue()).isGreaterThan(590 * MILLI);
  }

  @Test
  void failed_isCountedNoMore_andSaysNothingOfHowLongOneTakes() {
    ConnectLimit.Attempt failing = limit.begin(now);
    long hang = limit.untilOverdue();
    failing.failed(now);
    assertThat(limit.allows(now)).isTrue();
    assertThat(limit.untilOverdue()).isEqualTo(hang);
  }
}
