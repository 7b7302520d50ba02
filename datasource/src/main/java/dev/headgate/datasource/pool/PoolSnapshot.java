package dev.headgate.datasource.pool;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One pool at one instant. Its times are of a clock that nobody sets, and so durations.
 *
 * @param name the pool's name, unique in this process
 * @param database where its connections lead
 * @param labels for whom it was leased, in alphabetical order
 * @param phase where it stands in its life
 * @param leases how many hold it
 * @param active how many of its connections are in use
 * @param idle how many of its connections are open and not in use
 * @param waiting how many threads wait for one of its connections
 * @param generation which one it is, from 1, of the pools that the registry has made for the same
 *     address and user; it counts from 1 again for those that were made 10 000 others ago
 * @param server the server whose budget its connections count against; embedded databases have none
 * @param maximumSize how many connections it may have
 * @param age how long ago it was made
 * @param sinceUse how long ago a lease on it was last taken or given back
 */
public record PoolSnapshot(
    String name,
    Database database,
    List<String> labels,
    PoolPhase phase,
    int leases,
    int active,
    int idle,
    int waiting,
    int generation,
    Optional<String> server,
    int maximumSize,
    Duration age,
    Duration sinceUse) {}
