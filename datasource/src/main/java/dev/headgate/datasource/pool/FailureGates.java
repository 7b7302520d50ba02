package dev.headgate.datasource.pool;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The failure gates of a registry: of each server, and of the pools. An open one outlives its pool,
 * or a tenant that is down would be tried anew whenever its pool is. Guarded by the registry's
 * lock.
 */
final class FailureGates {

  private final Intervals intervals;
  private final Map<String, ServerGate> servers = new HashMap<>();

  /** Open ones, whose pools have been closed. */
  private final Map<Database, FailureGate> ofClosedPools = new HashMap<>();

  /**
   * Makes them.
   *
   * @param longestInterval between a probe that fails and the next one
   */
  FailureGates(Duration longestInterval) {
    intervals =
        new Intervals(longestInterval.toNanos(), () -> ThreadLocalRandom.current().nextDouble());
  }

  /** Returns those of a database's pool, which is about to be made. */
  Gates of(Database database) {
    FailureGate left = ofClosedPools.get(database);
    FailureGate own = left == null ? gate() : left;
    return new Gates(database, own, database.server().map(this::ofServer).orElse(null));
  }

  private ServerGate ofServer(String name) {
    return servers.computeIfAbsent(
        name, absent -> new ServerGate(name, gate(), new Doubt(System.nanoTime())));
  }

  private FailureGate gate() {
    return new FailureGate(intervals, System.nanoTime());
  }

  /** A pool was made with its gates. */
  void made(Database database) {
    ofClosedPools.remove(database);
  }

  /** The pool of a database is closed. */
  void closed(Database database, FailureGate own) {
    if (own.isOpen()) {
      ofClosedPools.put(database, own);
    }
  }

  /** Forgets those that nobody has tried for a while. */
  void forget(long now, long after) {
    ofClosedPools.values().removeIf(gate -> gate.isForgotten(now, after));
  }
}
