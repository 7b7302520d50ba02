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

  private DirectoryCache cache(TenantDirectory directory) {
    return new DirectoryCache(
        tenant -> {
          lookups.incrementAndGet();
          return directory.find(tenant);
        },
        nanos::get);
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
}
