package dev.headgate.datasource.pool;

/**
 * Someone who may have several connections at the same time, from one lease or from several: a unit
 * of work, together with those that were begun inside it. Who already has one on a server is served
 * first there, since it keeps others waiting; and what could only end in a deadlock is refused.
 *
 * <p>Has no state that others see; one thread at a time may borrow for it.
 */
public final class Borrower {

  private final boolean keeps;

  /** Whether it may have a connection now: it has borrowed one once. */
  private boolean mayHold;

  private Borrower(boolean keeps) {
    this.keeps = keeps;
  }

  /** Returns a new one that gives back none of its connections while it waits for another. */
  public static Borrower keepingAll() {
    return new Borrower(true);
  }

  /**
   * Returns a new one whose connections other threads may give back while it waits; so it is never
   * refused for a deadlock.
   */
  public static Borrower sharingThreads() {
    return new Borrower(false);
  }

  /** Whether no connection comes back from it while it waits. */
  boolean keepsAll() {
    return keeps;
  }

  boolean mayHold() {
    return mayHold;
  }

  void holds() {
    mayHold = true;
  }
}
