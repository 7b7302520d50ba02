package dev.headgate.datasource.pool;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Something that has happened to a pool, to be described on the thread of a listener. */
record Occurrence(Pool pool, PoolEvent.Kind kind, @Nullable EvictionReason reason, Instant at) {

  /** Describes it. That is left to the listener's thread, since a pool may have many labels. */
  PoolEvent event() {
    return new PoolEvent(
        kind,
        at,
        pool.name(),
        pool.database(),
        pool.labels(),
        pool.server(),
        Optional.ofNullable(reason));
  }

  @Override
  public String toString() {
    return kind + " of " + pool.name();
  }
}
