package dev.headgate.datasource.pool;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A pool that no registry knows, in which what is given back stands by; for one database. */
final class BarePool {

  private static final PoolThreads THREADS = new PoolThreads("bare");
  private static final PoolEvents EVENTS = new PoolEvents(List.of(), THREADS);
  private static final Drivers DRIVERS = new Drivers(null);
  private static final Database DATABASE = Database.of("jdbc:stub:bare");

  private BarePool() {}

  /**
   * Makes one, alone on its server.
   *
   * @param maximum how many connections it may have
   * @param standDown gives back what stands by
   */
  static Pool make(int maximum, Consumer<Pool> standDown) {
    Pool pool =
        new Pool(
            "bare",
            DATABASE,
            PoolSettings.defaults().withMaximumSize(maximum),
            false,
            DRIVERS,
            new Server("server", maximum, 0, new Deadlocks()),
            new FailureGates(Duration.ofSeconds(1)).of(DATABASE),
            THREADS,
            EVENTS,
            1,
            () -> 0,
            standDown::accept);
    pool.usedAgain(0);
    return pool;
  }
}
