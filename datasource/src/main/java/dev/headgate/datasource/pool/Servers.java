package dev.headgate.datasource.pool;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The servers of a registry, by name, with their budgets. Guarded by the registry's lock. */
final class Servers {

  /** Below the 100 of PostgreSQL and the 151 of MySQL and MariaDB, with some left for others. */
  private static final int DEFAULT_BUDGET = 80;

  private final int budget;
  private final Map<String, Integer> budgets;
  private final long patienceNanos;
  private final Map<String, Server> servers = new TreeMap<>();

  private final Deadlocks deadlocks = new Deadlocks();

  /**
   * Makes the servers.
   *
   * @param poolSize the size of pools that have no settings of their own
   * @param budget for servers without a budget of their own; null for the default
   * @throws IllegalArgumentException if such a pool is larger than a budget
   */
  Servers(int poolSize, @Nullable Integer budget, Map<String, Integer> budgets, Duration patience) {
    this.budget = budget != null ? budget : Math.max(DEFAULT_BUDGET, poolSize);
    this.budgets = Map.copyOf(budgets);
    this.patienceNanos = patience.toNanos();
    requireRoom("each server", poolSize, this.budget);
    budgets.forEach((server, own) -> requireRoom(server, poolSize, own));
  }

  private static void requireRoom(String server, int poolSize, int budget) {
    if (poolSize > budget) {
      throw new IllegalArgumentException(
          "the maximum size of a pool, %d, is above the budget of %s, %d: lower the one or raise the other"
              .formatted(poolSize, server, budget));
    }
  }

  /** Returns those that have a budget, by name. */
  List<Server> named() {
    return List.copyOf(servers.values());
  }

  /**
   * Returns the server of a database; one of its own, without a budget, if it is embedded.
   *
   * @throws PoolTooLargeException if its pool may become larger than the budget
   */
  Server of(Database database, PoolSettings settings) throws PoolTooLargeException {
    String name = database.server().orElse(null);
    if (name == null) {
      return server(null, Integer.MAX_VALUE);
    }
    Server server =
        servers.computeIfAbsent(name, absent -> server(name, budgets.getOrDefault(name, budget)));
    if (settings.maximumSize() > server.budget()) {
      throw new PoolTooLargeException(
          "the pool of %s may have %d connections, and the budget of its server %s is %d: lower the one or raise the other"
              .formatted(database, settings.maximumSize(), name, server.budget()));
    }
    return server;
  }

  private Server server(@Nullable String name, int own) {
    return new Server(name, own, patienceNanos, deadlocks);
  }
}
