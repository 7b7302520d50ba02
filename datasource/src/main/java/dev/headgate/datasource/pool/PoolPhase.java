package dev.headgate.datasource.pool;

/** Where a pool stands in its life. */
public enum PoolPhase {
  /** Gives leases and counts for the bound of the registry. */
  OPEN,
  /** Has been evicted while leased: it closes with its last lease, unless it is revived first. */
  DRAINING,
  /** Gives no lease ever again. */
  CLOSED
}
