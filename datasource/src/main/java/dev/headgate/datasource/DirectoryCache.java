package dev.headgate.datasource;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.headgate.datasource.pool.Database;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what a directory answered: a bounded number of tenants, known and unknown, each for a
 * while. One thread asks about a tenant at a time, and the others wait for its answer; only so many
 * ask at all. A failure is not remembered; while there is an answer of before, that is used, and so
 * it is if the directory hangs or may not be asked.
 */
final class DirectoryCache implements Lookup {

  private static final Logger log = LoggerFactory.getLogger(DirectoryCache.class);

  /** How long a directory that has failed is left alone, if there is an answer of before. */
  static final Duration UNTIL_NEXT_TRY = Duration.ofSeconds(1);

  /** How long a lookup may take until nobody waits for it but who has begun it. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  /** How long a thread waits until it may ask. */
  static final Duration TURN = Duration.ofMillis(250);

  private final TenantDirectory directory;
  private final DirectorySettings settings;
  private final Ticker ticker;
  private final Consumer<Database> moved;
  private final Answers answers;
  private final LookupLimit limit;
  private final ConcurrentMap<TenantId, LookupInFlight> inFlight = new ConcurrentHashMap<>();
  private final SparseLog sparse;

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
    this.ticker = ticker;
    this.moved = moved;
    this.answers = new Answers(settings.maximumTenants(), ticker);
    this.limit = new LookupLimit(settings.lookups(), TURN);
    this.sparse = new SparseLog(log, ticker::read);
  }

  @Override
  public Database find(TenantId tenant) {
    Answer answer = answers.of(tenant);
    return (answer != null && isFresh(answer) ? answer : lookUp(tenant)).databaseOf(tenant);
  }

  private boolean isFresh(Answer answer) {
    return answer.isFresh(ticker.read());
  }

  private Answer lookUp(TenantId tenant) {
    LookupInFlight mine = new LookupInFlight(ticker.read());
    LookupInFlight other = inFlight.putIfAbsent(tenant, mine);
    if (other != null) {
      return awaited(tenant, other);
    }
    try {
      Answer before = answers.of(tenant);
      // Another thread's lookup may have ended a moment ago.
      Answer answer = before != null && isFresh(before) ? before : ask(tenant, before);
      boolean isNewest = isRemembered(tenant, mine, answer);
      mine.answered(answer);
      if (isNewest
          && before != null
          && before.database() != null
          && !before.database().equals(answer.database())) {
        moved.accept(before.database());
      }
      return answer;
    } catch (TenantDirectoryException e) {
      mine.failed(e);
      throw e;
    } finally {
      inFlight.remove(tenant, mine);
    }
  }

  /** Remembers an answer, unless someone has asked anew meanwhile, and knows better. */
  private boolean isRemembered(TenantId tenant, LookupInFlight mine, Answer answer) {
    return mine
        == inFlight.computeIfPresent(
            tenant,
            (same, newest) -> {
              if (newest == mine) {
                answers.put(tenant, answer);
              }
              return newest;
            });
  }

  /** Waits for the answer to another thread. */
  private Answer awaited(TenantId tenant, LookupInFlight other) {
    Answer before = answers.of(tenant);
    try {
      return other.await(ticker.read(), PATIENCE.toNanos());
    } catch (TimeoutException e) {
      return lastOr(
          new DirectoryBusyException(
              tenant, "the directory has not answered for more than " + PATIENCE),
          before,
          tenant);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return lastOr(new TenantDirectoryException(tenant, e), before, tenant);
    }
  }

  private Answer ask(TenantId tenant, @Nullable Answer before) {
    if (!limit.enter(before == null)) {
      return lastOr(new DirectoryBusyException(tenant, limit.toString()), before, tenant);
    }
    try {
      Optional<Database> found =
          Objects.requireNonNull(directory.find(tenant), "find() returned null");
      return answer(found);
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return lastOr(new TenantDirectoryException(tenant, e), before, tenant);
    } finally {
      limit.leave();
    }
  }

  private Answer answer(Optional<Database> found) {
    Duration fresh = found.isPresent() ? settings.foundFor() : settings.unknownFor();
    long freshUntil = ticker.read() + fresh.toNanos();
    return new Answer(found.orElse(null), freshUntil, freshUntil + settings.staleFor().toNanos());
  }

  /** Returns the answer of before for a while, or throws if there is none. */
  private Answer lastOr(
      TenantDirectoryException failure, @Nullable Answer before, TenantId tenant) {
    if (before == null) {
      throw failure;
    }
    sparse.warn(
        "The last answer about tenant %s is used: %s".formatted(tenant, failure.getMessage()));
    return before.withFreshUntil(ticker.read() + UNTIL_NEXT_TRY.toNanos());
  }

  @Override
  public Database findAnew(TenantId tenant) {
    forget(tenant);
    return find(tenant);
  }

  @Override
  public @Nullable Database known(TenantId tenant) {
    Answer answer = answers.of(tenant);
    return answer == null ? null : answer.database();
  }

  @Override
  public void forget(TenantId tenant) {
    inFlight.remove(tenant);
    answers.outdate(tenant);
  }
}
