package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TurnTest {

  private static final int TIMES = 20_000;

  private final ExecutorService another = Executors.newSingleThreadExecutor();
  private final List<String> done = new ArrayList<>();
  private final Turn turn = new Turn();

  @AfterEach
  void close() {
    another.shutdownNow();
  }

  private <T> T elsewhere(Callable<T> call) throws Exception {
    return another.submit(call).get(20, TimeUnit.SECONDS);
  }

  private void elsewhere(Runnable task) throws Exception {
    another.submit(task).get(20, TimeUnit.SECONDS);
  }

  @Test
  void whoeverMadeIt_hasIt() throws Exception {
    assertThat(turn.isMine()).isTrue();
    assertThat(elsewhere(turn::isMine)).isFalse();
    assertThat(elsewhere(turn::take)).isFalse();
    assertThat(turn.owner()).contains(Thread.currentThread().getName());
  }

  @Test
  void givenUp_isTheFirstOnesThatTakesIt() throws Exception {
    turn.giveUp();
    assertThat(turn.owner()).isEqualTo("no thread");
    assertThat(elsewhere(turn::take)).isTrue();
    assertThat(turn.take()).isFalse();
    turn.giveUp();
    assertThat(elsewhere(turn::isMine)).isTrue();
  }

  @Test
  void shared_isEveryonesAndStaysSo() throws Exception {
    turn.share();
    turn.giveUp();
    assertThat(turn.isMine()).isTrue();
    assertThat(elsewhere(turn::take)).isTrue();
  }

  @Test
  void itsThreadHasEnded_isTheNextOnesWithWhatWaits() throws Exception {
    turn.giveUp();
    CyclicBarrier step = new CyclicBarrier(2);
    Thread ending =
        new Thread(
            () -> {
              turn.take();
              pass(step);
              pass(step);
            });
    ending.start();
    pass(step);
    turn.whenFree(() -> done.add("waited"));
    pass(step);
    ending.join();
    assertThat(done).isEmpty();

    assertThat(turn.take()).isTrue();
    turn.giveUp();
    assertThat(done).containsExactly("waited");
  }

  private static void pass(CyclicBarrier step) {
    try {
      step.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whenFree_isDoneAtOnceByWhoeverHasIt_whoKeepsIt() {
    turn.whenFree(() -> done.add("mine"));
    assertThat(done).containsExactly("mine");
    assertThat(turn.isMine()).isTrue();
  }

  @Test
  void whenFree_whatIsFreeIsTakenForThat_andFreeAgain() throws Exception {
    turn.giveUp();
    elsewhere(() -> turn.whenFree(() -> done.add(turn.owner())));
    assertThat(done).hasSize(1).allMatch(owner -> !owner.equals("no thread"));
    assertThat(turn.owner()).isEqualTo("no thread");
  }

  @Test
  void whenFree_isDoneInOrderWhenItIsGivenUp_evenAfterAFailure() throws Exception {
    elsewhere(
        () -> {
          turn.whenFree(
              () -> {
                done.add("first " + turn.isMine());
                throw new IllegalStateException("boo");
              });
          turn.whenFree(() -> done.add("second"));
        });
    assertThat(done).isEmpty();
    assertThatThrownBy(turn::giveUp).hasMessage("boo");
    assertThat(done).containsExactly("first true", "second");
    assertThat(turn.owner()).isEqualTo("no thread");
  }

  @Test
  void whatWaits_mayGiveItUpItself() throws Exception {
    elsewhere(
        () ->
            turn.whenFree(
                () -> {
                  done.add("once");
                  turn.giveUp();
                }));
    turn.giveUp();
    assertThat(done).containsExactly("once");
    assertThat(turn.owner()).isEqualTo("no thread");
  }

  /** Nothing is lost, and nothing done twice or out of turn. */
  @Test
  void givenUpWhileAnotherOneWantsIt_eachIsDoneOnce() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    for (int i = 0; i < TIMES; i++) {
      Turn contended = new Turn();
      AtomicInteger times = new AtomicInteger();
      AtomicInteger outOfTurn = new AtomicInteger();
      Runnable action =
          () -> {
            times.incrementAndGet();
            if (!contended.isMine()) {
              outOfTurn.incrementAndGet();
            }
          };
      boolean oneWaits = i % 2 == 0;
      Future<?> other =
          another.submit(
              () -> {
                if (oneWaits) {
                  contended.whenFree(action);
                }
                pass(together);
                contended.whenFree(action);
              });
      pass(together);
      contended.giveUp();
      other.get(20, TimeUnit.SECONDS);
      assertThat(times).hasValue(oneWaits ? 2 : 1);
      assertThat(outOfTurn).hasValue(0);
      assertThat(contended.owner()).isEqualTo("no thread");
    }
  }
}
