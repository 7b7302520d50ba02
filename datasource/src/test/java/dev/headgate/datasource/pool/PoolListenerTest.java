package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.CapturedLog;
import dev.headgate.datasource.pool.PoolEvent.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners hear all that happens, and hurt no one. */
@Timeout(60)
class PoolListenerTest {

  private static final Duration EXPIRY = Duration.ofHours(1);

  private final List<PoolEvent> heard = new CopyOnWriteArrayList<>();
  private final CountDownLatch unblocked = new CountDownLatch(1);
  private final ExecutorService others = Executors.newCachedThreadPool();
  private StubPools pools;

  private void start(int maximumPools, int budget, PoolListener... listeners) {
    PoolRegistry.Builder builder =
        PoolRegistry.builder()
            .maximumPools(maximumPools)
            .idleExpiry(EXPIRY)
            .budget("s", budget)
            .closeTimeout(Duration.ofMillis(100))
            .settings(PoolSettings.defaults().withMaximumSize(1));
    for (PoolListener listener : listeners) {
      builder.listener(listener);
    }
    pools = new StubPools(builder, "s");
  }

  @AfterEach
  void close() {
    unblocked.countDown();
    others.shutdownNow();
    if (pools != null) {
      pools.close();
    }
  }

  private void block() {
    try {
      unblocked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void use(String name) throws SQLException {
    try (Lease lease = pools.lease(name)) {
      lease.getConnection().close();
    }
  }

  private String event(PoolEvent event) {
    String name =
        List.of("a", "b", "c").stream()
            .filter(each -> pools.stub(each).url().equals(event.database().url()))
            .findFirst()
            .orElseThrow();
    return event.kind() + " " + name + event.reason().map(reason -> " " + reason).orElse("");
  }

  /** Waits until so many events were heard, and returns them without those of closing. */
  private List<String> heard(int many) {
    await().until(() -> heard.stream().filter(e -> e.kind() != Kind.CLOSED).count() >= many);
    return heard.stream().filter(e -> e.kind() != Kind.CLOSED).map(this::event).toList();
  }

  @Test
  void madeEvictedRevivedDrainedAndExpired_areHeardInTheirOrder() throws SQLException {
    start(1, 10, heard::add);
    Lease first = pools.lease("a");
    pools.lease("b").close();
    Lease again = pools.lease("a");
    pools.lease("b").close();
    again.close();
    first.close();
    pools.registry.retire(pools.database("b"));
    pools.lease("c").close();
    pools.clock.advance(EXPIRY);
    pools.registry.expireIdle();

    assertThat(heard(11))
        .containsExactly(
            "MADE a",
            "EVICTED a BOUND",
            "MADE b",
            "EVICTED b BOUND",
            "REVIVED a",
            "EVICTED a BOUND",
            "MADE b",
            "DRAINED a",
            "EVICTED b REQUESTED",
            "MADE c",
            "EXPIRED c");
  }

  @Test
  void closed_isHeardOfEachPoolAfterItsOtherEvents() throws SQLException {
    start(1, 10, heard::add);
    use("a");
    use("b");
    await().until(() -> heard.stream().anyMatch(event -> event.kind() == Kind.CLOSED));
    pools.registry.close();

    assertThat(heard.stream().filter(e -> event(e).endsWith(" a") || e.reason().isPresent()))
        .extracting(PoolEvent::kind)
        .containsExactly(Kind.MADE, Kind.EVICTED, Kind.CLOSED);
    assertThat(heard.stream().map(this::event)).contains("CLOSED b");
  }

  @Test
  void reclaimed_isHeardOfThePoolThatGives() throws SQLException {
    start(3, 1, heard::add);
    use("a");
    use("b");
    assertThat(heard(3)).containsExactly("MADE a", "MADE b", "RECLAIMED a");
  }

  @Test
  void exhaustedBudget_isHeardOfThePoolThatWaits() throws Exception {
    start(3, 1, heard::add);
    try (Lease lease = pools.lease("a");
        Connection busy = lease.getConnection()) {
      var waiter =
          others.submit(
              () -> {
                use("b");
                return null;
              });
      assertThat(heard(3)).containsExactly("MADE a", "MADE b", "BUDGET_EXHAUSTED b");
      busy.close();
      waiter.get();
    }
  }

  @Test
  void event_saysForWhomAndWhere() throws SQLException {
    start(1, 10, heard::add);
    pools.registry.lease(pools.database("a"), "zoe").close();
    pools.registry.lease(pools.database("a"), "acme").close();
    String name = pools.pool("a").name();
    pools.use("b");
    heard(3);

    PoolEvent evicted =
        heard.stream().filter(event -> event.kind() == Kind.EVICTED).findFirst().orElseThrow();
    assertThat(evicted.pool()).isEqualTo(name);
    assertThat(evicted.database()).isEqualTo(pools.database("a").withDefaults(settings()));
    assertThat(evicted.labels()).containsExactly("acme", "zoe");
    assertThat(evicted.server()).contains("s");
    assertThat(evicted.reason()).isEqualTo(Optional.of(EvictionReason.BOUND));
  }

  private static PoolSettings settings() {
    return PoolSettings.defaults().withMaximumSize(1);
  }

  @Test
  void listener_isCalledOnADaemonOfTheRegistrysOwn() throws SQLException {
    var thread = new AtomicReference<Thread>();
    start(1, 10, event -> thread.set(Thread.currentThread()));
    pools.use("a");
    await().until(() -> thread.get() != null);
    assertThat(thread.get()).isNotSameAs(Thread.currentThread());
    assertThat(thread.get().isDaemon()).isTrue();
    assertThat(thread.get().getName()).startsWith(pools.registry + "-");
  }

  /** One that is called with the registry's lock held would keep the other thread from leasing. */
  @Test
  void listener_mayWaitForOthersWhoLease() throws SQLException {
    var leased = new AtomicReference<Object>();
    start(
        3,
        10,
        event -> {
          if (event(event).equals("MADE a")) {
            try {
              others.submit(this::leaseB).get(20, TimeUnit.SECONDS);
              leased.set("leased");
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
              leased.set(e);
            }
          }
        });
    pools.stub("b");
    pools.stub("c");
    pools.use("a");
    await().atMost(Duration.ofSeconds(30)).until(() -> leased.get() != null);
    assertThat(leased.get()).isEqualTo("leased");
  }

  private Void leaseB() throws SQLException {
    pools.registry.lease(pools.database("b")).close();
    return null;
  }

  @Test
  void listenerThatThrows_hearsTheNextEventAndHurtsNoOne() throws SQLException {
    var calls = new AtomicInteger();
    start(
        1,
        10,
        event -> {
          calls.incrementAndGet();
          throw new AssertionError("of the listener");
        },
        heard::add);
    use("a");
    use("b");
    assertThat(heard(3)).containsExactly("MADE a", "EVICTED a BOUND", "MADE b");
    await().until(() -> calls.get() >= 3);
  }

  @Test
  void listenerThatBlocks_delaysNoRequestAndNoOtherListener() throws SQLException {
    start(1, 100, event -> block(), heard::add);
    for (int i = 0; i < 10; i++) {
      use("a");
      use("b");
    }
    // MADE and EVICTED of each, but for the last, which is not evicted.
    assertThat(heard(39)).hasSize(39).endsWith("EVICTED a BOUND", "MADE b");
  }

  @Test
  void listenerThatBlocks_losesWhatDoesNotFitAndTheSnapshotCountsIt() throws SQLException {
    var order = new CopyOnWriteArrayList<String>();
    start(
        1,
        10,
        event -> {
          block();
          order.add(event.pool());
        });
    int events = 0;
    while (dropped() == 0 && events < 10 * PoolListener.CAPACITY) {
      pools.use("a", "b");
      events += 6; // at most: MADE, EVICTED, CLOSED of each
    }
    assertThat(dropped()).isPositive();
    assertThat(events).isGreaterThan(PoolListener.CAPACITY);
    unblocked.countDown();
    // The one that was being heard, and all that waited.
    await().until(() -> order.size() >= PoolListener.CAPACITY + 1);
    assertThat(order.get(0)).endsWith("-pool-1");
    try (CapturedLog log = CapturedLog.of(EventThread.class)) {
      pools.registry.close();
      assertThat(log.text())
          .contains("is too slow: " + dropped() + " events were dropped, " + dropped() + " in all");
    }
  }

  private long dropped() {
    return pools.registry.snapshot().totals().droppedEvents();
  }

  @Test
  void closedRegistry_leavesNoThread() throws SQLException {
    start(1, 10, heard::add);
    use("a");
    pools.registry.close();
    await().until(() -> threads().isEmpty());
    assertThat(heard.stream().map(this::event)).contains("CLOSED a");
  }

  @Test
  void closedRegistry_interruptsAListenerThatBlocks() throws SQLException {
    var interrupted = new CountDownLatch(1);
    start(
        1,
        10,
        event -> {
          block();
          if (Thread.currentThread().isInterrupted()) {
            interrupted.countDown();
          }
        });
    use("a");
    pools.registry.close();
    await().until(() -> interrupted.getCount() == 0 && threads().isEmpty());
  }

  private List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(pools.registry + "-"))
        .toList();
  }

  @Test
  void whenNothingHappens_thereIsNoThread() throws SQLException {
    start(1, 10);
    var thread = new AtomicReference<Thread>();
    try (EventThread events =
        new EventThread(
            event -> thread.set(Thread.currentThread()), Thread::new, Duration.ofMillis(1))) {
      events.tell(occurrence());
      await().until(() -> thread.get() != null && !thread.get().isAlive());
      Thread first = thread.get();
      events.tell(occurrence());
      await().until(() -> thread.get() != first);
    }
  }

  private Occurrence occurrence() {
    Pool pool =
        new Pool(
            "pool",
            pools.database("a"),
            settings(),
            false,
            new Drivers(null),
            new Server("s", 1, 0, new Deadlocks()),
            new FailureGates(Duration.ofSeconds(1)).of(pools.database("a")),
            new PoolThreads("unused"),
            new PoolEvents(List.of(), Thread::new),
            1,
            () -> 0,
            leased -> {});
    return new Occurrence(pool, Kind.MADE, null, Instant.EPOCH);
  }

  @Test
  void exhaustedBudget_isHeardOnceASecondAndAlwaysCounted() {
    var told = new ArrayList<Kind>();
    Seats seats =
        new Seats(
            "pool",
            new Server("s", 1, 0, new Deadlocks()),
            1,
            1000,
            new BareOwner() {
              @Override
              public void tell(Kind kind) {
                told.add(kind);
              }
            });
    Exhaustion exhaustion = new Exhaustion();
    exhaustion.of(seats, Long.MAX_VALUE);
    exhaustion.of(seats, Long.MAX_VALUE + 999_999_999L);
    exhaustion.of(seats, Long.MAX_VALUE + 1_000_000_000L);

    assertThat(exhaustion.count()).isEqualTo(3);
    assertThat(told).containsExactly(Kind.BUDGET_EXHAUSTED, Kind.BUDGET_EXHAUSTED);
  }
}
