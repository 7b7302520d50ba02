package dev.headgate.datasource.pool;

/**
 * Hears what happens to pools and budgets, for logs, alarms and records of one's own.
 *
 * <pre>{@code
 * PoolListener listener =
 *     event -> {
 *       if (event.kind() == PoolEvent.Kind.EVICTED) {
 *         audit.write(event.pool() + " evicted: " + event.reason().orElseThrow());
 *       }
 *     };
 * }</pre>
 *
 * <p>It is called on a thread of its own, one event after the other in the order in which they have
 * happened, and never on a thread that serves a request. So it may be slow, block or throw: what it
 * throws is logged, and while {@value #CAPACITY} events wait for it, further ones are dropped,
 * which is logged and counted in the snapshot.
 */
@FunctionalInterface
public interface PoolListener {

  /** How many events wait for a listener at most. */
  int CAPACITY = 1024;

  /** Something has happened. */
  void on(PoolEvent event);
}
