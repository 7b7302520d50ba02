package dev.headgate.containers.history;

/** One thing that a request does with its tenant's database. */
enum Step {
  WRITE,
  /** Two rows in an inner transaction that is committed. */
  INNER_COMMITTED,
  INNER_UNDONE,
  /** An inner transaction whose connection is closed without a commit. */
  INNER_LEFT_OPEN,
  /** A failure that is swallowed in an inner transaction, which is undone. */
  INNER_DUPLICATE,
  /** A failure that is swallowed, and has PostgreSQL give up the transaction. */
  DUPLICATE,
  /** What only COMMIT will refuse. */
  DEFERRED,
  /** A commit in the middle of the request. */
  COMMIT,
  JOINED_COMMITTED,
  JOINED_UNDONE,
  /** A unit of work with an outcome of its own. */
  INDEPENDENT
}
