package dev.headgate.datasource.pool;

import java.sql.Connection;

/**
 * A connection that HikariCP has given to a pool, for which there is a seat.
 *
 * @param pooled HikariCP's view of it
 * @param physical what is below that
 * @param round in which round of {@link StandbyWatch}; in the next one HikariCP has to have it
 *     again
 */
record Fetched(Connection pooled, PhysicalConnection physical, int round) {}
