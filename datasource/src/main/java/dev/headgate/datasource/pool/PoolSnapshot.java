package dev.headgate.datasource.pool;

import java.util.List;

/**
 * One pool at one instant.
 *
 * @param name the pool's name, unique in this process
 * @param database where its connections lead
 * @param labels for whom it was leased, in alphabetical order
 * @param phase where it stands in its life
 * @param leases how many hold it
 * @param active how many of its connections are in use
 * @param idle how many of its connections are open and not in use
 * @param waiting how many threads wait for one of its connections
 */
public record PoolSnapshot(
    String name,
    Database database,
    List<String> labels,
    PoolPhase phase,
    int leases,
    int active,
    int idle,
    int waiting) {}
