package dev.headgate.datasource;

/** How a physical transaction ended, or all those of a unit of work together. */
public enum Outcome {
  /** The database has confirmed the COMMIT. */
  COMMITTED,
  /** Nothing of it was stored. */
  ROLLED_BACK,
  /** The connection broke during COMMIT: it was stored as a whole, or not at all. */
  UNKNOWN,
  /** Of a unit of work only: it had several transactions, and they ended in different ways. */
  PARTLY
}
