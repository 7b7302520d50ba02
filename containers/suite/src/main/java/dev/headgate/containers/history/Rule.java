package dev.headgate.containers.history;

/** What holds for every request, whatever fails. */
enum Rule {
  /** A token that is stored is in the database of its tenant, once, and was not undone. */
  RIGHT_PLACE,
  /** Of a transaction all is stored or nothing, and what is stored is what came first. */
  WHOLE,
  /** What a clean answer of success speaks of is stored. */
  SUCCESS_IS_STORED,
  /** What was written before a byte that has arrived is stored. */
  BYTES_ARE_STORED,
  /** What an answer of failure speaks of is not stored, unless it says that nobody knows. */
  FAILURE_IS_NOT_STORED,
  /** What a commit has confirmed to the application is stored. */
  CONFIRMED_IS_STORED,
  /** What the request attribute tells is so. */
  OUTCOME_IS_TRUE,
  /** Exactly one action has run, and its outcome is so. */
  ACTIONS_ARE_TRUE,
  /** There is an answer, of this request and of nothing else. */
  ANSWERED,
  /** No unit of work, connection, thread or session is left. */
  NOTHING_IS_LEFT
}
