package dev.headgate.datasource.pool;

import java.sql.Driver;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/** One attempt to connect, without a pool. */
final class Connecting {

  private Connecting() {}

  static void by(Driver driver, Database database) throws Throwable {
    Server server = new Server(null, 1, 0, new Deadlocks());
    Gates gates = new FailureGates(Duration.ofSeconds(1)).of(database);
    Seats seats = new Seats("connecting", server, 1, 1000, new BareOwner());
    try (PoolThreads threads = new PoolThreads("connecting")) {
      Connector connector =
          new Connector(driver, database, PoolSettings.defaults(), false, seats, gates, threads);
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      connector.open(
          Objects.requireNonNull(seats.await(null, false, System.nanoTime(), deadline)),
          Probe.NONE,
          deadline);
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }
}
