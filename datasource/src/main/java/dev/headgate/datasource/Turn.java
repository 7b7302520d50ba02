package dev.headgate.datasource;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** Which thread has a unit of work: one at a time. Safe for use by many threads, without a lock. */
final class Turn {

  /** A thread that has it, and what is done when it gives it up. */
  private record Awaited(Thread thread, Runnable next) {}

  private static final AtomicReferenceFieldUpdater<Turn, @Nullable Object> HOLDER =
      AtomicReferenceFieldUpdater.newUpdater(Turn.class, Object.class, "holder");

  /** The thread that has it, by itself or as {@link Awaited}; null while none does. */
  private volatile @Nullable Object holder;

  private volatile boolean shared;

  /** Makes one that is this thread's. */
  Turn() {
    // Who else gets to see this object sees that, too.
    HOLDER.lazySet(this, Thread.currentThread());
  }

  /** From now on the application says whose turn it is, by the key of its scope. */
  void share() {
    shared = true;
  }

  boolean isMine() {
    return shared || threadOf(holder) == Thread.currentThread();
  }

  private static @Nullable Thread threadOf(@Nullable Object seen) {
    return seen instanceof Awaited awaited ? awaited.thread : (Thread) seen;
  }

  /** Takes the turn if it is free; returns whether this thread has it now. */
  boolean take() {
    while (!isMine()) {
      Object seen = holder;
      Thread thread = threadOf(seen);
      if (thread != null && thread.isAlive()) {
        return false;
      }
      Thread here = Thread.currentThread();
      Object mine = seen instanceof Awaited awaited ? new Awaited(here, awaited.next) : here;
      if (HOLDER.compareAndSet(this, seen, mine)) {
        return true;
      }
    }
    return true;
  }

  /** Gives the turn up if this thread has it; does first what is waiting for that. */
  void giveUp() {
    if (shared) {
      return;
    }
    Thread here = Thread.currentThread();
    Throwable first = null;
    while (!HOLDER.compareAndSet(this, here, null)
        && holder instanceof Awaited awaited
        && awaited.thread == here) {
      if (HOLDER.compareAndSet(this, awaited, here)) {
        try {
          awaited.next.run();
        } catch (RuntimeException | Error e) {
          first = Failures.combine(first, e);
        }
      }
    }
    if (first instanceof RuntimeException e) {
      throw e;
    }
    if (first instanceof Error e) {
      throw e;
    }
  }

  /** Does something in the turn: now, if no other thread has it, or when that gives it up. */
  void whenFree(Runnable action) {
    boolean mine = isMine();
    while (!take()) {
      Object seen = holder;
      Thread thread = threadOf(seen);
      if (thread != null
          && HOLDER.compareAndSet(this, seen, new Awaited(thread, after(seen, action)))) {
        return;
      }
    }
    try {
      action.run();
    } finally {
      if (!mine) {
        giveUp();
      }
    }
  }

  private static Runnable after(@Nullable Object seen, Runnable action) {
    if (!(seen instanceof Awaited awaited)) {
      return action;
    }
    return () -> {
      try {
        awaited.next.run();
      } finally {
        action.run();
      }
    };
  }

  /** Returns the name of the thread that has it, for messages. */
  String owner() {
    Thread thread = threadOf(holder);
    return thread == null ? "no thread" : "thread \"" + thread.getName() + "\"";
  }
}
