package dev.headgate.datasource.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The listeners of a registry. Safe for use by many threads, also with locks held. */
final class PoolEvents implements AutoCloseable {

  private static final Duration IDLE = Duration.ofSeconds(5);

  private final List<EventThread> listeners;

  PoolEvents(Collection<PoolListener> listeners, ThreadFactory threads) {
    this.listeners =
        listeners.stream().map(listener -> new EventThread(listener, threads, IDLE)).toList();
  }

  /** Tells what has happened to a pool. */
  void tell(Pool pool, PoolEvent.Kind kind) {
    tell(pool, kind, null);
  }

  /** Tells that a pool was evicted. */
  void tellEvicted(Pool pool, EvictionReason reason) {
    tell(pool, PoolEvent.Kind.EVICTED, reason);
  }

  private void tell(Pool pool, PoolEvent.Kind kind, @Nullable EvictionReason reason) {
    if (listeners.isEmpty()) {
      return;
    }
    Occurrence occurrence = new Occurrence(pool, kind, reason, Instant.now());
    for (EventThread listener : listeners) {
      listener.tell(occurrence);
    }
  }

  long dropped() {
    long all = 0;
    for (EventThread listener : listeners) {
      all += listener.dropped();
    }
    return all;
  }

  void reportDropped() {
    listeners.forEach(EventThread::reportDropped);
  }

  @Override
  public void close() {
    listeners.forEach(EventThread::close);
  }
}
