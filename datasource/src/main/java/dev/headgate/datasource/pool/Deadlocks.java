package dev.headgate.datasource.pool;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Finds out who waits in vain: whoever could give back a connection that would do waits as well,
 * and keeps what it has. Looks across all servers of a registry, which therefore have one lock.
 */
final class Deadlocks {

  /**
   * What all servers are guarded by; it is never held for longer than it takes to look at all who
   * wait.
   */
  final ReentrantLock lock = new ReentrantLock();

  /** Those who wait and may have connections already. */
  private final Set<Waiter> waiters = new LinkedHashSet<>();

  void add(Waiter waiter) {
    Borrower borrower = waiter.borrower;
    if (borrower != null && borrower.mayHold()) {
      waiters.add(waiter);
    }
  }

  void remove(Waiter waiter) {
    waiters.remove(waiter);
  }

  /** Returns whether someone can never be served, unless others give up. */
  boolean isHopeless(Waiter waiter) {
    if (!waiters.contains(waiter)) {
      return false;
    }
    // Of those who might be stuck, whoever can be served after all will go on and give back what it
    // has, which may serve another.
    Set<Waiter> stuck = new HashSet<>();
    Set<Borrower> keepers = new HashSet<>();
    for (Waiter each : waiters) {
      Borrower borrower = each.borrower;
      if (borrower != null && borrower.keepsAll()) {
        stuck.add(each);
        keepers.add(borrower);
      }
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Waiter each : Set.copyOf(stuck)) {
        if (each.server.hasOtherThanOf(keepers, each.pool)) {
          stuck.remove(each);
          keepers.remove(each.borrower);
          changed = true;
        }
      }
    }
    return stuck.contains(waiter);
  }
}
