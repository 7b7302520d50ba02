package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import org.jspecify.annotations.Nullable;

/**
 * What a directory has said of a tenant.
 *
 * @param database where its data lives; null if there is no such tenant
 * @param freshUntil until when the directory need not be asked again, in nanoseconds of the cache's
 *     ticker
 * @param usableUntil until when this can be used if the directory fails
 */
record Answer(@Nullable Database database, long freshUntil, long usableUntil) {

  boolean isFresh(long now) {
    return now - freshUntil < 0;
  }

  boolean isUsable(long now) {
    return now - usableUntil < 0;
  }

  /** Returns the same answer, fresh until another time, and usable no longer than before. */
  Answer withFreshUntil(long time) {
    return new Answer(database, time - usableUntil < 0 ? time : usableUntil, usableUntil);
  }

  /**
   * Returns the database.
   *
   * @throws UnknownTenantException if there is no such tenant
   */
  Database databaseOf(TenantId tenant) {
    if (database == null) {
      throw new UnknownTenantException(tenant);
    }
    return database;
  }
}
