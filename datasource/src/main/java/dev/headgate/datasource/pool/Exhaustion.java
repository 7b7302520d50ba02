package dev.headgate.datasource.pool;

import java.util.concurrent.TimeUnit;

/** How often someone had to wait for the budget of a server. Guarded by the server's lock. */
final class Exhaustion {

  private static final long BETWEEN_EVENTS = TimeUnit.SECONDS.toNanos(1);

  private long count;
  private long told;

  void of(Seats pool, long now) {
    count++;
    if (count == 1 || now - told >= BETWEEN_EVENTS) {
      told = now;
      pool.tell(PoolEvent.Kind.BUDGET_EXHAUSTED);
    }
  }

  long count() {
    return count;
  }
}
