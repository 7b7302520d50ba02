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

  private final long longestInterval;
  private final Map<String, FailureGate> servers = new HashMap<>();

  /** Open ones, whose pools have been closed. */
  private final Map<Database, FailureGate> ofClosedPools = new HashMap<>();

  /**
   * Makes them.
   *
   * @param longestInterval between an attempt that fails and the next one
   */
  FailureGates(Duration longestInterval) {
    this.longestInterval = longestInterval.toNanos();
  }

  /** Returns those of a database's pool, which is about to be made. */
  Gates of(Database database) {
    FailureGate left = ofClosedPools.get(database);
    FailureGate own = left == null ? gate() : left;
    String server = database.server().orElse(null);
    return new Gates(database, own, server, server == null ? null : ofServer(server));
  }

  private FailureGate ofServer(String name) {
    return servers.computeIfAbsent(name, absent -> gate());
  }

  private FailureGate gate() {
    return new FailureGate(longestInterval, () -> ThreadLocalRandom.current().nextDouble());
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
