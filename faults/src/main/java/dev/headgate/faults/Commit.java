package dev.headgate.faults;

/**
 * A COMMIT that has arrived at a {@link FaultProxy} and that the server has not got yet.
 *
 * @param number which one of this proxy, from 1
 * @param connection which connection of this proxy it came on, from 1
 */
public record Commit(long number, long connection) {}
