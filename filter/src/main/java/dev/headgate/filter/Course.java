package dev.headgate.filter;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far a request has come: which thread is inside the application, and who ends it. It ends
 * once. Safe for use by many threads, which may lock it for several steps.
 */
final class Course {

  /** The thread on which a dispatch is going through the application. */
  private @Nullable Thread inside = Thread.currentThread();

  /** Whether what becomes of the work is decided. */
  private boolean ended;

  /** Whether the answer is decided, and there is nothing left to be told. */
  private boolean over;

  /** Whether the container has been told to go on. */
  private boolean concluded;

  /** A dispatch goes through the application on this thread. */
  synchronized void enter() {
    inside = Thread.currentThread();
  }

  /** No dispatch goes through the application any more. */
  synchronized void leave() {
    inside = null;
  }

  synchronized boolean isInside() {
    return inside != null;
  }

  /** Returns whether a dispatch is going through the application on this thread. */
  synchronized boolean isInsideHere() {
    return inside == Thread.currentThread();
  }

  /** The dispatch on this thread was the last one, and ends the request. */
  synchronized void leaveToEnd() {
    inside = null;
    ended = true;
  }

  /** Returns whether the caller is the one who has to end the request. */
  synchronized boolean takeEnd() {
    boolean first = !ended;
    ended = true;
    return first;
  }

  synchronized boolean hasEnded() {
    return ended;
  }

  synchronized void over() {
    over = true;
    notifyAll();
  }

  synchronized boolean isOver() {
    return over;
  }

  synchronized void concluded() {
    concluded = true;
    notifyAll();
  }

  /** Waits until there is nothing left to be told, or the container has been told to go on. */
  synchronized void awaitConclusion() {
    await(() -> concluded || over);
  }

  /** Waits for a change that another thread makes. The caller holds this object's lock. */
  void await(BooleanSupplier condition) {
    boolean interrupted = false;
    while (!condition.getAsBoolean()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
