package dev.headgate.datasource.pool;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection that someone has, since when, and for what. */
final class Holding {

  private final Holdings all;
  private final String pool;
  private final @Nullable String label;
  private final @Nullable String work;
  private final String thread = Thread.currentThread().getName();
  private final TakenHere taken;
  private final long since;
  private volatile boolean reported;

  Holding(Holdings all, String pool, @Nullable String label, @Nullable String work, long since) {
    this.all = all;
    this.pool = pool;
    this.label = label;
    this.work = work;
    this.taken = new TakenHere(pool);
    this.since = since;
  }

  /** The connection has been given back. */
  void end() {
    all.end(this);
  }

  String pool() {
    return pool;
  }

  long since() {
    return since;
  }

  TakenHere taken() {
    return taken;
  }

  boolean isReported() {
    return reported;
  }

  void reported() {
    reported = true;
  }

  HeldConnection at(long now) {
    return new HeldConnection(
        pool,
        Optional.ofNullable(label),
        Optional.ofNullable(work),
        thread,
        Duration.ofNanos(now - since),
        List.of(taken.getStackTrace()));
  }

  /** Says who has it, for messages. */
  @Override
  public String toString() {
    return "%s%s, thread %s"
        .formatted(label != null ? label : "nobody named", work != null ? ", " + work : "", thread);
  }
}
