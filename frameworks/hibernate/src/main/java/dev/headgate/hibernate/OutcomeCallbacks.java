package dev.headgate.hibernate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hibernate.HibernateException;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.engine.spi.TransactionCompletionCallbacksImplementor;

/**
 * What a session's writes want done after their transaction: caches filled or unlocked, query
 * results made invalid, listeners told. In parts: one for each transaction, which can wait for its
 * outcome while the next one runs.
 *
 * <p>Confined to the thread that has the session.
 */
final class OutcomeCallbacks implements TransactionCompletionCallbacksImplementor {

  /** What one transaction wants done. */
  static final class Part {
    private final List<BeforeCompletionCallback> before = new ArrayList<>(0);
    private final List<AfterCompletionCallback> after = new ArrayList<>(2);
    private final Set<String> spaces = new HashSet<>(2);

    private boolean isEmpty() {
      return after.isEmpty() && spaces.isEmpty();
    }
  }

  private final SharedSessionContractImplementor session;
  private final UndecidedUnits undecided;
  private Part part = new Part();

  OutcomeCallbacks(SharedSessionContractImplementor session, UndecidedUnits undecided) {
    this.session = session;
    this.undecided = undecided;
  }

  /** Returns what the transaction that ends wants done, and begins anew. */
  Part detach() {
    Part detached = part;
    part = new Part();
    return detached;
  }

  /** Has an earlier part in place of the present one while something is done. */
  void during(Part earlier, Runnable action) {
    Part present = part;
    part = earlier;
    try {
      action.run();
    } finally {
      part = present;
    }
  }

  @Override
  public void registerCallback(BeforeCompletionCallback callback) {
    part.before.add(callback);
  }

  @Override
  public void registerCallback(AfterCompletionCallback callback) {
    undecided.add();
    part.after.add(callback);
  }

  @Override
  public void addSpaceToInvalidate(String space) {
    undecided.add();
    part.spaces.add(space);
  }

  @Override
  public boolean hasBeforeCompletionCallbacks() {
    return !part.before.isEmpty();
  }

  @Override
  public boolean hasAfterCompletionCallbacks() {
    return !part.isEmpty();
  }

  @Override
  public void beforeTransactionCompletion() {
    // A callback may register others.
    while (!part.before.isEmpty()) {
      part.before.remove(0).doBeforeTransactionCompletion(session);
    }
  }

  @Override
  public void clearBeforeTransactionCallbacks() {
    part.before.clear();
  }

  /** Each callback is called, whatever the one before it throws; the first failure is thrown. */
  @Override
  public void afterTransactionCompletion(boolean success) {
    HibernateException first = null;
    while (!part.after.isEmpty()) {
      try {
        part.after.remove(0).doAfterTransactionCompletion(success, session);
      } catch (RuntimeException e) {
        HibernateException failure =
            new HibernateException("what follows a transaction has failed: " + e.getMessage(), e);
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    invalidateSpaces();
    if (first != null) {
      throw first;
    }
  }

  private void invalidateSpaces() {
    var factory = session.getFactory();
    if (!part.spaces.isEmpty() && factory.getSessionFactoryOptions().isQueryCacheEnabled()) {
      factory
          .getCache()
          .getTimestampsCache()
          .invalidate(part.spaces.toArray(String[]::new), session);
    }
    part.spaces.clear();
  }

  /** A session was closed: what it has not committed goes with its connection. */
  @Override
  public void executePendingBulkOperationCleanUpActions() {
    if (!session.isTransactionInProgress()) {
      afterTransactionCompletion(false);
    }
  }

  @Override
  public TransactionCompletionCallbacksImplementor forSharing() {
    return this;
  }
}
