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
import java.util.concurrent.CompletionException;

/**
 * Remembers what the directory answered: a bounded number of tenants, known and unknown, each for a
 * while. One thread asks about a tenant at a time, the others wait for its answer; a failure is not
 * remembered.
 */
final class DirectoryCache {

  private static final int TENANTS = 10_000;
  private static final Duration FOUND = Duration.ofMinutes(1);
  private static final Duration UNKNOWN = Duration.ofSeconds(10);

  private final TenantDirectory directory;
  private final AsyncCache<TenantId, Optional<Database>> answers;

  DirectoryCache(TenantDirectory directory, Ticker ticker) {
    this.directory = directory;
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(TENANTS)
            .expireAfter(
                Expiry.creating(
                    (TenantId tenant, Optional<Database> answer) ->
                        answer.isPresent() ? FOUND : UNKNOWN))
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
    CompletableFuture<Optional<Database>> answer = answers.getIfPresent(tenant);
    if (answer == null) {
      // Not computed within the cache, which would hold a lock on its table meanwhile.
      CompletableFuture<Optional<Database>> mine = new CompletableFuture<>();
      answer = answers.asMap().putIfAbsent(tenant, mine);
      if (answer == null) {
        answer = mine;
        ask(tenant, mine);
      }
    }
    try {
      return answer.join().orElseThrow(() -> new UnknownTenantException(tenant));
    } catch (CompletionException e) {
      throw new TenantDirectoryException(tenant, e.getCause() != null ? e.getCause() : e);
    }
  }

  private void ask(TenantId tenant, CompletableFuture<Optional<Database>> answer) {
    try {
      answer.complete(Objects.requireNonNull(directory.find(tenant), "find() returned null"));
    } catch (Throwable e) {
      answer.completeExceptionally(e);
    }
  }
}
