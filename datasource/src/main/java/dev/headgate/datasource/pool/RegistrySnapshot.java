package dev.headgate.datasource.pool;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The pools of a registry at one instant, and what became of those before. Which pools there are
 * and the totals are of the same instant; the numbers of each server and of its pools are of one
 * instant, too, each server's a little after the other's.
 *
 * @param pools the pools that are there, by name: those that give leases and those that drain
 * @param totals counts since the registry was made
 * @param servers the servers with a budget that databases were leased on, by name
 * @param taken when it was taken, by the system's clock
 * @param held the connections that are held longer than is to be reported, the longest first; none
 *     if nothing is
 */
public record RegistrySnapshot(
    List<PoolSnapshot> pools,
    Totals totals,
    List<ServerSnapshot> servers,
    Instant taken,
    List<HeldConnection> held) {

  /**
   * Counts since the registry was made.
   *
   * @param made pools made
   * @param evicted pools evicted for the bound
   * @param expired pools expired for idleness
   * @param revived pools opened again while they drained
   * @param evictedFor pools evicted, for each reason: the bound and the others
   * @param closed pools whose connections have been closed
   * @param droppedEvents events that were dropped since a listener was too slow
   */
  public record Totals(
      long made,
      long evicted,
      long expired,
      long revived,
      Map<EvictionReason, Long> evictedFor,
      long closed,
      long droppedEvents) {}
}
