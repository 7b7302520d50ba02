package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.pool.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A directory that does not answer, and those who ask for tenants meanwhile. */
@Timeout(60)
class HangingDirectoryTest {

  private static final TenantId ACME = TenantId.of("acme");
  private static final Database DATABASE = Database.of("jdbc:h2:mem:acme");
  private static final int LOOKUPS = 4;

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger asking = new AtomicInteger();
  private final CountDownLatch answer = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean hanging = true;

  private final DirectoryCache cache =
      new DirectoryCache(
          this::find, DirectorySettings.defaults().withLookups(LOOKUPS), nanos::get, from -> {});

  private Optional<Database> find(TenantId tenant) throws InterruptedException {
    if (hanging) {
      asking.incrementAndGet();
      answer.await();
      asking.decrementAndGet();
    }
    return tenant.value().startsWith("unknown") ? Optional.empty() : Optional.of(DATABASE);
  }

  @AfterEach
  void end() {
    answer.countDown();
    threads.shutdownNow();
  }

  private List<Future<Database>> lookups(int count) {
    List<Future<Database>> lookups = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TenantId tenant = TenantId.of("t" + i);
      lookups.add(threads.submit(() -> cache.find(tenant)));
    }
    return lookups;
  }

  private void hold(int count) {
    lookups(count);
    await().until(() -> asking.get() == count);
  }

  @Test
  void itHoldsNoMoreThreadsThanMayAsk_andTheOthersHearThatItIsBusy() throws Exception {
    List<Future<Database>> lookups = lookups(40);
    await().until(() -> lookups.stream().filter(Future::isDone).count() == 40 - LOOKUPS);
    assertThat(asking).hasValue(LOOKUPS);
    for (Future<Database> lookup : lookups) {
      if (lookup.isDone()) {
        assertThatThrownBy(lookup::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOf(DirectoryBusyException.class)
            .hasMessageContaining("of at most 4");
      }
    }
    answer.countDown();
    await().until(() -> lookups.stream().allMatch(Future::isDone));
  }

  @Test
  void aTenantThatIsRemembered_isNotTouched() {
    hanging = false;
    cache.find(ACME);
    hanging = true;
    hold(LOOKUPS);
    assertThat(cache.find(ACME)).isEqualTo(DATABASE);
    assertThat(asking).hasValue(LOOKUPS);
  }

  @Test
  void aTenantWithALastAnswer_goesOnWithIt_andDoesNotWait() {
    hanging = false;
    cache.find(ACME);
    assertThatThrownBy(() -> cache.find(TenantId.of("unknown")))
        .isInstanceOf(UnknownTenantException.class);
    hanging = true;
    nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    hold(LOOKUPS);
    assertThat(cache.find(ACME)).isEqualTo(DATABASE);
    assertThatThrownBy(() -> cache.find(TenantId.of("unknown")))
        .isInstanceOf(UnknownTenantException.class);
  }

  @Test
  void tenantsWithLastAnswers_waitForNoTurn() {
    hanging = false;
    List<TenantId> known = IntStream.range(0, 40).mapToObj(i -> TenantId.of("known" + i)).toList();
    known.forEach(cache::find);
    hanging = true;
    nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    hold(LOOKUPS);
    long start = System.nanoTime();
    known.forEach(cache::find);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isLessThan(DirectoryCache.TURN.multipliedBy(known.size() / 2));
  }

  @Test
  void aNewTenant_hasItsTurnAsSoonAsThereIsOne() throws Exception {
    hold(LOOKUPS);
    Future<Database> acme = threads.submit(() -> cache.find(ACME));
    answer.countDown();
    hanging = false;
    assertThat(acme.get(10, TimeUnit.SECONDS)).isEqualTo(DATABASE);
  }

  @Test
  void whoAsksForTheSameTenant_doesNotWaitForALookupThatHasTakenLong() {
    Future<Database> unused = threads.submit(() -> cache.find(ACME));
    await().until(() -> asking.get() == 1);
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThatThrownBy(() -> cache.find(ACME))
        .isInstanceOf(DirectoryBusyException.class)
        .hasMessage(
            "tenant \"acme\" can't be looked up now: the directory has not answered for more than PT1S");
  }

  @Test
  void whoAsksForTheSameTenant_waitsForALookupNoLongerThanASecond() {
    Future<Database> unused = threads.submit(() -> cache.find(ACME));
    await().until(() -> asking.get() == 1);
    List<Future<Database>> others = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      others.add(threads.submit(() -> cache.find(ACME)));
    }
    await().until(() -> others.stream().allMatch(Future::isDone));
    assertThat(asking).hasValue(1);
  }

  @Test
  void whoWaitsForALookupThatIsRefused_isRefusedToo() throws Exception {
    hold(LOOKUPS);
    Future<Database> first = threads.submit(() -> cache.find(ACME));
    Future<Database> second = threads.submit(() -> cache.find(ACME));
    for (Future<Database> each : List.of(first, second)) {
      assertThatThrownBy(() -> each.get(10, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(DirectoryBusyException.class)
          .hasMessageContaining("tenant \"acme\"")
          .hasMessageContaining("of at most 4");
    }
  }
}
