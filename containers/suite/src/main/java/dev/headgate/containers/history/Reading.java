package dev.headgate.containers.history;

/** How a client reads its answer. */
enum Reading {
  WHOLE,
  /** Other requests are made after the first bytes. */
  SLOWLY,
  ABORT_AT_ONCE,
  /** When the servlet has begun. */
  ABORT_BEGUN,
  /** After the first bytes. */
  ABORT_INSIDE,
  /** When the request is about to be ended. */
  ABORT_ENDING;

  boolean isAborted() {
    return name().startsWith("ABORT");
  }
}
