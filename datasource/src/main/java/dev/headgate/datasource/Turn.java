package dev.headgate.datasource;

import org.jspecify.annotations.Nullable;

/** Which thread has a unit of work: one at a time. Safe for use by many threads. */
final class Turn {

  /**
   * The thread that has it; null while none does. Guarded by this object, except that each thread
   * may see whether it is itself: it alone makes it so, and ends it.
   */
  private @Nullable Thread thread = Thread.currentThread();

  private volatile boolean shared;

  /** What is waiting for the turn. */
  private @Nullable Runnable next;

  /** From now on the application says whose turn it is, by the key of its scope. */
  void share() {
    shared = true;
  }

  boolean isMine() {
    return shared || thread == Thread.currentThread();
  }

  /** Takes the turn if it is free; returns whether this thread has it now. */
  boolean take() {
    return isMine() || takeIfFree();
  }

  private synchronized boolean takeIfFree() {
    if (thread == null || !thread.isAlive()) {
      thread = Thread.currentThread();
    }
    return isMine();
  }

  /** Gives the turn up if this thread has it; does first what is waiting for that. */
  void giveUp() {
    if (shared || thread != Thread.currentThread()) {
      return;
    }
    Throwable first = null;
    for (Runnable due = nextOrFree(); due != null; due = nextOrFree()) {
      try {
        due.run();
      } catch (RuntimeException | Error e) {
        first = Failures.combine(first, e);
      }
    }
    if (first instanceof RuntimeException e) {
      throw e;
    }
    if (first instanceof Error e) {
      throw e;
    }
  }

  private synchronized @Nullable Runnable nextOrFree() {
    Runnable due = next;
    next = null;
    if (due == null) {
      thread = null;
    }
    return due;
  }

  /** Does something in the turn: now, if no other thread has it, or when that gives it up. */
  void whenFree(Runnable action) {
    boolean mine = isMine();
    synchronized (this) {
      if (!take()) {
        Runnable before = next;
        next =
            before == null
                ? action
                : () -> {
                  try {
                    before.run();
                  } finally {
                    action.run();
                  }
                };
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

  /** Returns the name of the thread that has it, for messages. */
  synchronized String owner() {
    return thread == null ? "no thread" : "thread \"" + thread.getName() + "\"";
  }
}
