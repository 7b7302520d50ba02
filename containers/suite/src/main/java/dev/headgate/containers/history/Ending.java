package dev.headgate.containers.history;

/** How a request's work ends. */
enum Ending {
  OK,
  REDIRECT,
  /** A status of 409 with a body. */
  STATUS,
  SEND_ERROR,
  THROW,
  /** {@code setRollbackOnly()}, and an answer as if nothing were wrong. */
  ROLLBACK_ONLY,
  ROLLBACK_ONLY_TOLD
}
