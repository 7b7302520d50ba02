package dev.headgate.containers.history;

/** On which threads a request does its work, and how it ends. */
enum Shape {
  SYNC,
  /** By {@code AsyncContext.start}. */
  START,
  /** On an executor's thread, to which the unit of work is handed over. */
  HAND_OVER,
  /** As before, and the rest in a dispatch to the same path. */
  DISPATCH,
  /** As before, in a dispatch to another path. */
  DISPATCH_ELSEWHERE,
  /** Dispatched while the servlet still runs. */
  DISPATCH_INSIDE,
  /** Completed by another thread while the servlet still works. */
  COMPLETE_INSIDE,
  /** Completed by another thread while the one that has the unit of work still works. */
  COMPLETE_ELSEWHERE,
  /** Completed by another thread while the servlet fails. */
  COMPLETE_AND_THROW,
  /** Non-blocking output. */
  LISTENER,
  /** Started, and then the servlet fails. */
  THROW_AFTER_START,
  /** Nobody completes it. */
  TIMEOUT_ALONE,
  /** A thread works until long after the timeout, and then completes it. */
  TIMEOUT_BUSY,
  /** A statement runs when the time is over. */
  TIMEOUT_IN_STATEMENT,
  /** A listener answers as if nothing had happened. */
  TIMEOUT_ANSWERED,
  /** A listener answers with a failure. */
  TIMEOUT_ANSWERED_WITH_FAILURE,
  /** Completed at about the time when it times out. */
  TIMEOUT_AGAINST_COMPLETE;

  boolean isAsync() {
    return this != SYNC;
  }

  boolean hasTimeout() {
    return name().startsWith("TIMEOUT");
  }

  /** Returns whether the body has to be written before somebody completes the request. */
  boolean races() {
    return this == COMPLETE_ELSEWHERE || this == COMPLETE_AND_THROW || hasTimeout();
  }
}
