package dev.headgate.containers.history;

import org.jspecify.annotations.Nullable;

/**
 * What a client has heard.
 *
 * @param status 0 if there was none
 * @param index the one that the answer says it is for, or null
 * @param success whether it has a header that only success has
 * @param page whether the failure page has answered
 * @param outcome what the failure page has told, or null
 * @param unknown whether the failure page has told that the outcome is unknown
 * @param bytes how much of the body has arrived
 * @param afterFailure whether an answer before it on the same connection was a failure
 * @param end how it ended
 */
record Heard(
    int status,
    @Nullable String index,
    boolean success,
    boolean page,
    @Nullable String outcome,
    boolean unknown,
    long bytes,
    boolean afterFailure,
    End end) {

  /** How an answer ended. */
  enum End {
    /** Cleanly. */
    WHOLE,
    /** The connection ended in the middle of it, or before it. */
    CUT,
    /** The client went away. */
    ABORTED,
    /** Its bytes are not those that were written. */
    GARBLED,
    /** It did not end. */
    OPEN
  }

  /** Returns an answer of which nothing has arrived. */
  static Heard nothing(End end) {
    return new Heard(0, null, false, false, null, false, 0, false, end);
  }

  boolean isSuccess() {
    return status >= 200 && status < 400;
  }
}
