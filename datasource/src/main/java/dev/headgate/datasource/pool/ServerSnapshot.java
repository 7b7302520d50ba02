package dev.headgate.datasource.pool;

/**
 * One server with a budget at one instant. What is open is busy or idle; a connection that is being
 * opened or closed counts as busy.
 *
 * @param name the name of the server: host and port, or what its databases call it
 * @param budget how many connections all pools together may have open there
 * @param open how many places of the budget are taken
 * @param busy how many of these are not idle
 * @param waiting how many threads wait for a connection there
 * @param reclaimed how many idle connections were given up so far for someone else who waited
 * @param exhausted how often so far someone had to wait since the budget was used up and no
 *     connection idle
 */
public record ServerSnapshot(
    String name, int budget, int open, int busy, int waiting, long reclaimed, long exhausted) {}
