package dev.headgate.datasource.pool;

/** Why a pool has left its registry, although someone may lease it again at any time. */
public enum EvictionReason {
  /** There were more pools than may give leases at a time, and no one was used less recently. */
  BOUND,
  /** Another database, or the same with other settings, has taken its place. */
  REPLACED,
  /** The application wanted it to go. */
  REQUESTED
}
