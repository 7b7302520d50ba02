package dev.headgate.datasource.pool;

import java.util.List;

/**
 * The pools of a registry at one instant, and what became of those before.
 *
 * @param pools the pools that are there, by name: those that give leases and those that drain
 * @param totals counts since the registry was made
 */
public record RegistrySnapshot(List<PoolSnapshot> pools, Totals totals) {

  /**
   * Counts since the registry was made.
   *
   * @param made pools made
   * @param evicted pools evicted for the bound
   * @param expired pools expired for idleness
   * @param revived pools opened again while they drained
   */
  public record Totals(long made, long evicted, long expired, long revived) {}
}
