package dev.headgate.datasource;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.headgate.datasource.pool.Database;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what a directory answered: a bounded number of tenants, known and unknown, each for a
 * while. One thread asks about a tenant at a time, and the others wait for its answer. A failure is
 * not remembered; while there is an answer of before, that is used, and so it is if the directory
 * hangs.
 */
final class DirectoryCache implements Lookup {

  private static final Logger log = LoggerFactory.getLogger(DirectoryCache.class);

  /** How long a directory that has failed is left alone, if there is an answer of before. */
  static final Duration UNTIL_NEXT_TRY = Duration.ofSeconds(1);

  /** How long a directory that is being asked may take, if there is an answer of before. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  /**
   * What the directory said: a database, that there is none, or how it failed; good if it did say
   * that, now.
   */
  private record Answer(
      @Nullable Database database,
      @Nullable Throwable failure,
      Duration timeToLive,
      boolean isGood) {

    Database databaseOf(TenantId tenant) {
      if (failure != null) {
        throw new TenantDirectoryException(tenant, failure);
      }
      if (database == null) {
        throw new UnknownTenantException(tenant);
      }
      return database;
    }
  }

  private final TenantDirectory directory;
  private final DirectorySettings settings;
  private final Consumer<Database> moved;
  private final AsyncCache<TenantId, Answer> answers;

  /** The last answer about each tenant that was no failure. */
  private final Cache<TenantId, Answer> lastGood;

  /**
   * Makes a cache.
   *
   * @param moved gets a database that was a tenant's, after it has ceased to be
   */
  DirectoryCache(
      TenantDirectory directory,
      DirectorySettings settings,
      Ticker ticker,
      Consumer<Database> moved) {
    this.directory = directory;
    this.settings = settings;
    this.moved = moved;
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(settings.maximumTenants())
            .expireAfter(Expiry.creating((TenantId tenant, Answer answer) -> answer.timeToLive()))
            .ticker(ticker)
            .executor(Runnable::run)
            .buildAsync();
    this.lastGood =
        Caffeine.newBuilder()
            .maximumSize(settings.maximumTenants())
            .expireAfter(
                Expiry.writing(
                    (TenantId tenant, Answer answer) ->
                        answer.timeToLive().plus(settings.staleFor())))
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  @Override
  public Database find(TenantId tenant) {
    CompletableFuture<Answer> answer = answers.getIfPresent(tenant);
    if (answer == null) {
      // Not computed within the cache, which would hold a lock on its table meanwhile.
      CompletableFuture<Answer> mine = new CompletableFuture<>();
      answer = answers.asMap().putIfAbsent(tenant, mine);
      if (answer == null) {
        Answer asked = ask(tenant);
        Answer before = null;
        if (asked.isGood() && answers.getIfPresent(tenant) == mine) {
          // Otherwise someone has asked anew meanwhile, and knows better.
          before = lastGood.asMap().put(tenant, asked);
        }
        mine.complete(asked);
        if (before != null
            && before.database() != null
            && !before.database().equals(asked.database())) {
          moved.accept(before.database());
        }
        return asked.databaseOf(tenant);
      }
    }
    return awaited(tenant, answer).databaseOf(tenant);
  }

  /** Waits for the answer to another thread; for long only if there is none of before. */
  private Answer awaited(TenantId tenant, CompletableFuture<Answer> answer) {
    Answer before = answer.isDone() ? null : lastGood.getIfPresent(tenant);
    if (before == null) {
      return answer.join();
    }
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.warn("The directory hangs for tenant {}, whose last answer is used", tenant);
      return before;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return before;
    } catch (ExecutionException e) {
      throw new AssertionError("an answer is never a failure of its future", e);
    }
  }

  @Override
  public Database findAnew(TenantId tenant) {
    forget(tenant);
    return find(tenant);
  }

  @Override
  public @Nullable Database known(TenantId tenant) {
    CompletableFuture<Answer> answer = answers.getIfPresent(tenant);
    Answer known =
        answer != null && answer.isDone() ? answer.join() : lastGood.getIfPresent(tenant);
    return known == null ? null : known.database();
  }

  @Override
  public void forget(TenantId tenant) {
    answers.synchronous().invalidate(tenant);
  }

  private Answer ask(TenantId tenant) {
    try {
      Optional<Database> found =
          Objects.requireNonNull(directory.find(tenant), "find() returned null");
      return new Answer(
          found.orElse(null),
          null,
          found.isPresent() ? settings.foundFor() : settings.unknownFor(),
          true);
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      Answer before = lastGood.getIfPresent(tenant);
      if (before == null) {
        return new Answer(null, e, Duration.ZERO, false);
      }
      log.warn(
          "The directory fails for tenant {}, whose last answer is used: {}", tenant, e.toString());
      return new Answer(before.database(), null, UNTIL_NEXT_TRY, false);
    }
  }
}
