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

  /** Whether who ends the request tells the container to go on, and has done so. */
  private boolean concluding;

  private boolean concluded;

  /** Whether the container has refused to go on, since it did not ask. */
  private boolean refused;

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

  /** The caller tells the container to go on, in the end. */
  synchronized void concluding() {
    concluding = true;
  }

  /** The container has been told to go on, and does, or has refused. */
  synchronized void concluded(boolean accepted) {
    concluded = true;
    refused = !accepted;
    notifyAll();
  }

  /**
   * Waits until the container has been told to go on, or there is nothing left to be told. Returns
   * whether it has refused to go on.
   */
  synchronized boolean awaitConclusion() {
    await(() -> concluding ? concluded : over);
    return refused;
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
