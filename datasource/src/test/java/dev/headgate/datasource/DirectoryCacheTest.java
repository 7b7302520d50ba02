package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DirectoryCacheTest {

  private static final TenantId ACME = TenantId.of("acme");
  private static final Database DATABASE = Database.of("jdbc:h2:mem:acme");

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger lookups = new AtomicInteger();
  private final List<Database> moved = new ArrayList<>();

  private DirectoryCache cache(TenantDirectory directory) {
    return cache(DirectorySettings.defaults(), directory);
  }

  private DirectoryCache cache(DirectorySettings settings, TenantDirectory directory) {
    return new DirectoryCache(
        tenant -> {
          lookups.incrementAndGet();
          return directory.find(tenant);
        },
        settings,
        nanos::get,
        moved::add);
  }

  /** Answers until it is told to fail. */
  private static final class Flaky implements TenantDirectory {

    private Optional<Database> answer = Optional.of(DATABASE);
    private boolean failing;

    @Override
    public Optional<Database> find(TenantId tenant) throws IOException {
      if (failing) {
        throw new IOException("directory is down");
      }
      return answer;
    }
  }

  private void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  @Test
  void aFoundTenant_isRememberedForAMinute() {
    DirectoryCache cache = cache(tenant -> Optional.of(DATABASE));
    assertThat(cache.find(ACME)).isEqualTo(DATABASE);
    pass(Duration.ofSeconds(59));
    cache.find(ACME);
    assertThat(lookups).hasValue(1);
    pass(Duration.ofSeconds(2));
    cache.find(ACME);
    assertThat(lookups).hasValue(2);
  }

  @Test
  void anUnknownTenant_isRememberedForTenSeconds() {
    DirectoryCache cache = cache(tenant -> Optional.empty());
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> cache.find(ACME)).isInstanceOf(UnknownTenantException.class);
      pass(Duration.ofSeconds(3));
    }
    assertThat(lookups).hasValue(1);
    pass(Duration.ofSeconds(2));
    assertThatThrownBy(() -> cache.find(ACME)).isInstanceOf(UnknownTenantException.class);
    assertThat(lookups).hasValue(2);
  }

  @Test
  void aFailure_isToldApartFromAnUnknownTenant_andNotRemembered() {
    IOException failure = new IOException("directory is down");
    DirectoryCache cache =
        cache(
            tenant -> {
              if (lookups.get() == 1) {
                throw failure;
              }
              return Optional.of(DATABASE);
            });
    assertThatThrownBy(() -> cache.find(ACME))
        .isInstanceOf(TenantDirectoryException.class)
        .hasCause(failure);
    assertThat(cache.find(ACME)).isEqualTo(DATABASE);
  }

  @Test
  void nullInPlaceOfAnAnswer_isAFailure() {
    DirectoryCache cache = cache(tenant -> null);
    assertThatThrownBy(() -> cache.find(ACME))
        .isInstanceOf(TenantDirectoryException.class)
        .hasMessageContaining("find() returned null");
  }

  @Test
  void manyThreads_askOnce() throws Exception {
    int threads = 16;
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    DirectoryCache cache =
        cache(
            tenant -> {
              asked.countDown();
              answer.await();
              return Optional.of(DATABASE);
            });
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Database>> found = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        found.add(executor.submit(() -> cache.find(ACME)));
      }
      asked.await();
      answer.countDown();
      for (Future<Database> each : found) {
        assertThat(each.get(10, TimeUnit.SECONDS)).isEqualTo(DATABASE);
      }
      assertThat(lookups).hasValue(1);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void aSlowLookup_holdsUpNoOtherTenant() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    DirectoryCache cache =
        cache(
            tenant -> {
              if (tenant.equals(ACME)) {
                asked.countDown();
                answer.await();
              }
              return Optional.of(DATABASE);
            });
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Future<Database> slow = executor.submit(() -> cache.find(ACME));
      asked.await();
      for (int i = 0; i < 1000; i++) {
        cache.find(TenantId.of("t" + i));
      }
      assertThat(slow.isDone()).isFalse();
      answer.countDown();
      slow.get(10, TimeUnit.SECONDS);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void theTimes_areSettable() {
    DirectorySettings settings =
        DirectorySettings.defaults()
            .withFoundFor(Duration.ofSeconds(5))
            .withUnknownFor(Duration.ofSeconds(2));
    DirectoryCache cache =
        cache(settings, tenant -> tenant.equals(ACME) ? Optional.of(DATABASE) : Optional.empty());
    TenantId globex = TenantId.of("globex");
    cache.find(ACME);
    assertThatThrownBy(() -> cache.find(globex)).isInstanceOf(UnknownTenantException.class);
    pass(Duration.ofSeconds(3));
    cache.find(ACME);
    assertThat(lookups).as("found is remembered longer").hasValue(2);
    assertThatThrownBy(() -> cache.find(globex)).isInstanceOf(UnknownTenantException.class);
    assertThat(lookups).as("unknown is asked again").hasValue(3);
    pass(Duration.ofSeconds(3));
    cache.find(ACME);
    assertThat(lookups).as("found is asked again").hasValue(4);
  }

  @Test
  void whileTheDirectoryFails_theLastAnswerIsUsed_forTheTimeSet() {
    Flaky directory = new Flaky();
    DirectoryCache cache =
        cache(DirectorySettings.defaults().withStaleFor(Duration.ofMinutes(2)), directory);
    cache.find(ACME);
    directory.failing = true;
    pass(Duration.ofMinutes(1).plusSeconds(1));
    assertThat(cache.find(ACME)).isEqualTo(DATABASE);
    pass(Duration.ofSeconds(118));
    assertThat(cache.find(ACME)).isEqualTo(DATABASE);
    pass(Duration.ofSeconds(2));
    assertThatThrownBy(() -> cache.find(ACME)).isInstanceOf(TenantDirectoryException.class);
  }

  @Test
  void whileTheDirectoryFails_itIsAskedOnceASecond() {
    Flaky directory = new Flaky();
    DirectoryCache cache = cache(directory);
    cache.find(ACME);
    directory.failing = true;
    pass(Duration.ofMinutes(1).plusSeconds(1));
    for (int i = 0; i < 100; i++) {
      cache.find(ACME);
    }
    assertThat(lookups).hasValue(2);
    directory.failing = false;
    directory.answer = Optional.of(Database.of("jdbc:h2:mem:moved"));
    pass(Duration.ofMillis(1100));
    assertThat(cache.find(ACME)).isEqualTo(Database.of("jdbc:h2:mem:moved"));
  }

  @Test
  void aTenantThatWasUnknown_staysSo_whileTheDirectoryFails() {
    Flaky directory = new Flaky();
    directory.answer = Optional.empty();
    DirectoryCache cache = cache(directory);
    assertThatThrownBy(() -> cache.find(ACME)).isInstanceOf(UnknownTenantException.class);
    directory.failing = true;
    pass(Duration.ofSeconds(11));
    assertThatThrownBy(() -> cache.find(ACME)).isInstanceOf(UnknownTenantException.class);
  }

  @Test
  void withoutStaleAnswers_aFailureIsOneAtOnce() {
    Flaky directory = new Flaky();
    DirectoryCache cache =
        cache(DirectorySettings.defaults().withStaleFor(Duration.ZERO), directory);
    cache.find(ACME);
    directory.failing = true;
    pass(Duration.ofMinutes(1).plusSeconds(1));
    assertThatThrownBy(() -> cache.find(ACME)).isInstanceOf(TenantDirectoryException.class);
  }

  @Test
  void whileADirectoryHangs_theOthersTakeTheLastAnswer() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    DirectoryCache cache =
        cache(
            tenant -> {
              if (lookups.get() > 1) {
                asked.countDown();
                answer.await();
              }
              return Optional.of(DATABASE);
            });
    cache.find(ACME);
    pass(Duration.ofMinutes(2));
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      Future<Database> hanging = executor.submit(() -> cache.find(ACME));
      asked.await();
      Future<Database> other = executor.submit(() -> cache.find(ACME));
      assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(DATABASE);
      assertThat(hanging.isDone()).isFalse();
      answer.countDown();
      hanging.get(10, TimeUnit.SECONDS);
    } finally {
      answer.countDown();
      executor.shutdownNow();
    }
  }

  @Test
  void whatIsRemembered_isBounded() {
    DirectoryCache cache =
        cache(
            DirectorySettings.defaults().withMaximumTenants(100), tenant -> Optional.of(DATABASE));
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 1000; i++) {
        cache.find(TenantId.of("t" + i));
      }
    }
    assertThat(lookups.get()).isGreaterThanOrEqualTo(1900);
  }

  @Test
  void findAnew_asksAlthoughTheAnswerIsRemembered() {
    Flaky directory = new Flaky();
    DirectoryCache cache = cache(directory);
    cache.find(ACME);
    directory.answer = Optional.of(Database.of("jdbc:h2:mem:moved"));
    assertThat(cache.findAnew(ACME)).isEqualTo(Database.of("jdbc:h2:mem:moved"));
    assertThat(cache.find(ACME)).isEqualTo(Database.of("jdbc:h2:mem:moved"));
  }

  @Test
  void anotherAnswer_tellsWhereTheTenantWasBefore() throws IOException {
    Flaky directory = new Flaky();
    DirectoryCache cache = cache(directory);
    cache.find(ACME);
    cache.findAnew(ACME);
    assertThat(moved).isEmpty();
    directory.failing = true;
    cache.findAnew(ACME);
    assertThat(moved).as("a failure is no move").isEmpty();
    directory.failing = false;
    directory.answer = Optional.of(Database.of("jdbc:h2:mem:other"));
    cache.findAnew(ACME);
    assertThat(moved).containsExactly(DATABASE);
  }

  @Test
  void known_asksNobody() {
    DirectoryCache cache = cache(tenant -> Optional.of(DATABASE));
    assertThat(cache.known(ACME)).isNull();
    cache.find(ACME);
    assertThat(cache.known(ACME)).isEqualTo(DATABASE);
    cache.forget(ACME);
    assertThat(cache.known(ACME)).as("the last good answer").isEqualTo(DATABASE);
    assertThat(lookups).hasValue(1);
  }
}
