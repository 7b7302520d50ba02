package dev.headgate.datasource.pool;

import java.util.Map;

/**
 * How a server stands at one instant.
 *
 * @param open how many places of its budget are taken
 * @param busy how many of them are not idle
 * @param waiting how many threads wait
 * @param reclaimed how many idle connections were given up so far
 * @param exhausted how often someone had to wait for the budget so far
 * @param pools those of its pools for which there is anything to count
 */
record Standing(
    int open,
    int busy,
    int waiting,
    long reclaimed,
    long exhausted,
    Map<Seats, Seats.Counts> pools) {

  private static final Seats.Counts NOTHING = new Seats.Counts(0, 0, 0);

  Seats.Counts of(Seats pool) {
    return pools.getOrDefault(pool, NOTHING);
  }
}
