package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LookupLimitTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void asManyAskAtATimeAsSet_andAsManyMoreWait_andTheNextIsRefusedAtOnce() throws Exception {
    LookupLimit limit = new LookupLimit(2, Duration.ofDays(1));
    assertThat(limit.enter(true)).isTrue();
    assertThat(limit.enter(true)).isTrue();
    Future<Boolean> third = threads.submit(() -> limit.enter(true));
    Future<Boolean> fourth = threads.submit(() -> limit.enter(true));
    await().until(() -> limit.toString().startsWith("2 are being looked up, of at most 2, and 2"));
    assertThat(limit.enter(true)).isFalse();
    limit.leave();
    limit.leave();
    assertThat(third.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(fourth.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoWaits_isServedInOrder_andNotOvertaken() throws Exception {
    LookupLimit limit = new LookupLimit(3, Duration.ofDays(1));
    for (int i = 0; i < 3; i++) {
      assertThat(limit.enter(true)).isTrue();
    }
    List<Integer> served = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      threads.execute(
          () -> {
            if (limit.enter(true)) {
              served.add(number);
            }
          });
      await().until(() -> limit.toString().contains("and " + (number + 1) + " wait"));
    }
    for (int i = 1; i <= 3; i++) {
      int number = i;
      limit.leave();
      assertThat(limit.enter(false)).as("whoever comes meanwhile").isFalse();
      await().until(() -> served.size() == number);
    }
    assertThat(served).containsExactly(0, 1, 2);
  }

  @Test
  void aTurnThatDoesNotCome_isWaitedForNoLongerThanSet() {
    LookupLimit limit = new LookupLimit(1, Duration.ofMillis(1));
    assertThat(limit.enter(true)).isTrue();
    assertThat(limit.enter(true)).isFalse();
    limit.leave();
    assertThat(limit.enter(true)).isTrue();
  }

  @Test
  void aThreadThatIsInterrupted_doesNotWait_andStaysSo() throws Exception {
    LookupLimit limit = new LookupLimit(1, Duration.ofDays(1));
    assertThat(limit.enter(true)).isTrue();
    Future<Boolean> interrupted =
        threads.submit(
            () -> {
              Thread.currentThread().interrupt();
              return !limit.enter(true) && Thread.interrupted();
            });
    assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
  }
}
