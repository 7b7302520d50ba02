package dev.headgate.datasource.pool;

import java.sql.Connection;

/**
 * A connection that HikariCP has given to a pool, for which there is a seat.
 *
 * @param pooled HikariCP's view of it
 * @param physical what is below that
 * @param since when it was fetched, on the registry's clock
 */
record Fetched(Connection pooled, PhysicalConnection physical, long since) {

  /** Whether it was fetched so long ago that HikariCP has to have it again. */
  boolean isStale(long now) {
    return now - since >= Standby.LONGEST_NANOS;
  }
}
