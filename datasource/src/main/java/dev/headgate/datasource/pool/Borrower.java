package dev.headgate.datasource.pool;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Someone who may have several connections at the same time, from one lease or from several: a unit
 * of work, together with those that were begun inside it. Who already has one on a server is served
 * first there, since it keeps others waiting; and what could only end in a deadlock is refused.
 *
 * <p>Has no state that others see; one thread at a time may borrow for it.
 */
public final class Borrower {

  private final boolean keeps;

  // Others look at what follows only while the thread waits that borrows, and after it has said so.

  /** What it borrowed last, and may have given back; null before the first. */
  private @Nullable LeasedConnection last;

  /** What it borrowed before that and did not give back until then. Immutable, and replaced. */
  private List<LeasedConnection> earlier = List.of();

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

  /** Whether it may have a connection now: it has borrowed one once. */
  boolean mayHold() {
    return last != null;
  }

  /** It has borrowed one more. */
  void holds(LeasedConnection borrowed) {
    LeasedConnection before = last;
    if (before != null && (before.isHeld() || !earlier.isEmpty())) {
      earlier = borrowedSoFar().filter(LeasedConnection::isHeld).toList();
    }
    last = borrowed;
  }

  /** Returns how many connections it has of certain pools, and can still use. */
  int held(Predicate<Seats> which) {
    return (int)
        borrowedSoFar().filter(each -> which.test(each.pool().seats()) && each.isHeld()).count();
  }

  private Stream<LeasedConnection> borrowedSoFar() {
    return Stream.concat(earlier.stream(), Stream.ofNullable(last));
  }
}
