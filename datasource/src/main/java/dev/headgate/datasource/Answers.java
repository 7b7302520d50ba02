package dev.headgate.datasource;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.headgate.datasource.pool.Database;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a directory that are remembered: a bounded number of tenants that there are, and
 * as many that there are not. They are kept apart, since anyone can ask for tenants that there are
 * not, and these must not take the others' places. Safe for use by many threads.
 */
final class Answers {

  private final Ticker ticker;
  private final Cache<TenantId, Answer> found;
  private final UnknownTenants unknown;

  Answers(int maximumTenants, Ticker ticker) {
    this.ticker = ticker;
    this.found =
        Caffeine.newBuilder()
            .maximumSize(maximumTenants)
            .expireAfter(
                Expiry.writing(
                    (TenantId tenant, Answer answer) ->
                        Duration.ofNanos(answer.usableUntil() - ticker.read())))
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
    this.unknown = new UnknownTenants(maximumTenants);
  }

  /** Returns the answer that can be used at least if the directory fails, or null. */
  @Nullable Answer of(TenantId tenant) {
    Answer answer = found.getIfPresent(tenant);
    if (answer == null) {
      answer = unknown.get(tenant);
    }
    return answer != null && answer.isUsable(ticker.read()) ? answer : null;
  }

  /** Remembers an answer; returns the database of the one before, if there was one. */
  @Nullable Database put(TenantId tenant, Answer answer) {
    Answer before;
    if (answer.database() == null) {
      unknown.put(tenant, answer, ticker.read());
      before = found.asMap().remove(tenant);
    } else {
      before = found.asMap().put(tenant, answer);
      unknown.remove(tenant);
    }
    return before == null ? null : before.database();
  }

  /** Has a tenant be asked about, although it is remembered. */
  void outdate(TenantId tenant) {
    long now = ticker.read();
    found.asMap().computeIfPresent(tenant, (same, answer) -> answer.withFreshUntil(now));
    unknown.outdate(tenant, now);
  }
}
