package dev.headgate.datasource;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.headgate.datasource.pool.Database;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what the directory answered: a bounded number of tenants, known and unknown, each for a
 * while. One thread asks about a tenant at a time, the others wait for its answer; a failure is not
 * remembered.
 */
final class DirectoryCache {

  private static final int TENANTS = 10_000;
  private static final Duration FOUND = Duration.ofMinutes(1);
  private static final Duration UNKNOWN = Duration.ofSeconds(10);

  /** What the directory said: a database, that there is none, or how it failed. */
  private record Answer(@Nullable Database database, @Nullable Throwable failure) {

    Duration timeToLive() {
      if (failure != null) {
        return Duration.ZERO;
      }
      return database != null ? FOUND : UNKNOWN;
    }
  }

  private final TenantDirectory directory;
  private final AsyncCache<TenantId, Answer> answers;

  DirectoryCache(TenantDirectory directory, Ticker ticker) {
    this.directory = directory;
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(TENANTS)
            .expireAfter(Expiry.creating((TenantId tenant, Answer answer) -> answer.timeToLive()))
            .ticker(ticker)
            .executor(Runnable::run)
            .buildAsync();
  }

  /**
   * Returns the database of a tenant.
   *
   * @throws UnknownTenantException if the directory knows no such tenant
   * @throws TenantDirectoryException if the directory fails
   */
  Database find(TenantId tenant) {
    CompletableFuture<Answer> answer = answers.getIfPresent(tenant);
    if (answer == null) {
      // Not computed within the cache, which would hold a lock on its table meanwhile.
      CompletableFuture<Answer> mine = new CompletableFuture<>();
      answer = answers.asMap().putIfAbsent(tenant, mine);
      if (answer == null) {
        answer = mine;
        mine.complete(ask(tenant));
      }
    }
    Answer given = answer.join();
    if (given.failure() != null) {
      throw new TenantDirectoryException(tenant, given.failure());
    }
    if (given.database() == null) {
      throw new UnknownTenantException(tenant);
    }
    return given.database();
  }

  private Answer ask(TenantId tenant) {
    try {
      Optional<Database> found =
          Objects.requireNonNull(directory.find(tenant), "find() returned null");
      return new Answer(found.orElse(null), null);
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return new Answer(null, e);
    }
  }
}
