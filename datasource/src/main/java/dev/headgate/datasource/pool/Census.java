package dev.headgate.datasource.pool;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a registry knew of its pools at one instant, to be made into a snapshot after its lock was
 * given back: sorting, and asking each server how it stands, takes longer than a lease may wait.
 */
final class Census {

  private record Seen(Pool pool, PoolPhase phase, int leases) {}

  private final List<Seen> pools;
  private final List<Server> servers;
  private final RegistrySnapshot.Totals totals;
  private final @Nullable Holdings holdings;
  private final long now;
  private final Instant taken = Instant.now();
  private final Map<Server, Standing> standings = new HashMap<>();

  /** Looks at the pools, with the registry's lock. */
  Census(
      Collection<Pool> pools,
      List<Server> servers,
      RegistrySnapshot.Totals totals,
      @Nullable Holdings holdings,
      long now) {
    this.holdings = holdings;
    this.pools = new ArrayList<>(pools.size());
    for (Pool pool : pools) {
      this.pools.add(new Seen(pool, pool.leases.phase(), pool.leases.leases()));
    }
    this.servers = servers;
    this.totals = totals;
    this.now = now;
  }

  /** Returns it as it is shown, without the registry's lock. */
  RegistrySnapshot snapshot() {
    List<PoolSnapshot> shown = new ArrayList<>(pools.size());
    for (Seen seen : pools) {
      Pool pool = seen.pool();
      Seats.Counts counts = standing(pool.seats().server()).of(pool.seats());
      shown.add(pool.snapshot(seen.phase(), seen.leases(), counts, now));
    }
    shown.sort(Comparator.comparing(PoolSnapshot::name, Census::compareNames));
    return new RegistrySnapshot(
        List.copyOf(shown),
        totals,
        servers.stream().map(this::server).toList(),
        taken,
        holdings == null ? List.of() : holdings.overdue(now));
  }

  /** Asks each server once, so that its numbers and those of its pools fit. */
  private Standing standing(Server server) {
    return standings.computeIfAbsent(server, Server::standing);
  }

  private ServerSnapshot server(Server server) {
    Standing standing = standing(server);
    return new ServerSnapshot(
        Objects.requireNonNull(server.name()),
        server.budget(),
        standing.open(),
        standing.busy(),
        standing.waiting(),
        standing.reclaimed(),
        standing.exhausted());
  }

  /** Orders pool-2 before pool-10. */
  private static int compareNames(String one, String other) {
    int byLength = Integer.compare(one.length(), other.length());
    return byLength != 0 ? byLength : one.compareTo(other);
  }
}
