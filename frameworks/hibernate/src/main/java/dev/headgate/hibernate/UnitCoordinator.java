package dev.headgate.hibernate;

import dev.headgate.datasource.UnitOfWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.event.spi.EventSource;
import org.hibernate.jpa.spi.JpaCompliance;
import org.hibernate.resource.jdbc.spi.JdbcSessionOwner;
import org.hibernate.resource.transaction.backend.jdbc.internal.JdbcResourceLocalTransactionCoordinatorBuilderImpl;
import org.hibernate.resource.transaction.backend.jdbc.spi.JdbcResourceTransaction;
import org.hibernate.resource.transaction.backend.jdbc.spi.JdbcResourceTransactionAccess;
import org.hibernate.resource.transaction.internal.SynchronizationRegistryStandardImpl;
import org.hibernate.resource.transaction.spi.IsolationDelegate;
import org.hibernate.resource.transaction.spi.SynchronizationRegistry;
import org.hibernate.resource.transaction.spi.TransactionCoordinator;
import org.hibernate.resource.transaction.spi.TransactionCoordinatorBuilder;
import org.hibernate.resource.transaction.spi.TransactionCoordinatorOwner;
import org.hibernate.resource.transaction.spi.TransactionObserver;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of one session. Hibernate's own coordinator drives them; what it would do after
 * a commit, which is only a mark, is postponed to the outcome of the unit of work, as Hibernate
 * does it with JTA. What is rolled back ends at once.
 *
 * <p>Confined to the thread that has the session.
 */
final class UnitCoordinator implements TransactionCoordinator {

  // Those of jakarta.transaction.Status, whose module can't be had without CDI's.
  private static final int COMMITTED = 3;
  private static final int ROLLEDBACK = 4;
  private static final int UNKNOWN = 5;

  private final UnitCoordinatorBuilder builder;
  private final TransactionCoordinatorOwner owner;
  private final SharedSessionContractImplementor session;
  private final TransactionCoordinator local;
  private final List<TransactionObserver> observers = new ArrayList<>(0);
  private SynchronizationRegistryStandardImpl synchronizations =
      new SynchronizationRegistryStandardImpl();

  /** Null in a stateless session, whose callbacks can't be had. */
  private @Nullable OutcomeCallbacks callbacks;

  /** The unit of the transaction that runs, or of the last one. */
  private @Nullable UnitOfWork unit;

  UnitCoordinator(
      UnitCoordinatorBuilder builder,
      TransactionCoordinatorOwner owner,
      JdbcResourceTransactionAccess transactions,
      SharedSessionContractImplementor session) {
    this.builder = builder;
    this.owner = owner;
    this.session = session;
    this.local =
        JdbcResourceLocalTransactionCoordinatorBuilderImpl.INSTANCE.buildTransactionCoordinator(
            new Postponing(transactions), () -> true);
  }

  /** Hibernate calls this at the end of a session's constructor, and before most of its work. */
  @Override
  public void pulse() {
    if (callbacks == null && session instanceof EventSource stateful) {
      callbacks = new OutcomeCallbacks(session, builder.undecided);
      stateful.getActionQueue().setTransactionCompletionCallbacks(callbacks, false);
    }
    if (Current.unit(builder.dataSource) != null) {
      builder.names.requireCurrent(Objects.requireNonNull(session.getTenantIdentifier()));
    }
  }

  private void begun() {
    unit = builder.dataSource.current();
    if (callbacks == null) {
      builder.undecided.add(); // What a stateless session writes can't be seen.
    }
  }

  private void beforeCompletion() {
    owner.beforeTransactionCompletion();
    synchronizations.notifySynchronizationsBeforeTransactionCompletion();
    for (TransactionObserver observer : List.copyOf(observers)) {
      observer.beforeCompletion();
    }
  }

  /** The commit was a mark: what follows it waits for the outcome of the unit. */
  private void marked() {
    SynchronizationRegistryStandardImpl these = synchronizations;
    synchronizations = new SynchronizationRegistryStandardImpl();
    OutcomeCallbacks.Part part = callbacks == null ? null : callbacks.detach();
    UnitOfWork decides = Objects.requireNonNull(unit, "unit");
    // The time limit of this transaction is not that of what follows.
    session.getJdbcCoordinator().afterTransaction();
    decides.onCommitted(() -> completed(part, these, COMMITTED));
    decides.onRolledBack(() -> completed(part, these, ROLLEDBACK));
    decides.onUnknown(() -> completed(part, these, UNKNOWN));
  }

  private void completed(
      OutcomeCallbacks.@Nullable Part part, SynchronizationRegistryStandardImpl these, int status) {
    if (!owner.isActive()) {
      return; // The session factory was closed, with its caches.
    }
    boolean successful = status == COMMITTED;
    if (part == null || callbacks == null) {
      // Several transactions of a stateless session have one list of callbacks. Those of
      // Hibernate's only make entries invalid and give locks back, whatever the outcome.
      completed(these, status, successful);
    } else {
      callbacks.during(part, () -> completed(these, status, successful));
    }
  }

  private void completed(
      SynchronizationRegistryStandardImpl these, int status, boolean successful) {
    try {
      these.notifySynchronizationsAfterTransactionCompletion(status);
    } finally {
      owner.afterTransactionCompletion(successful, false);
      for (TransactionObserver observer : List.copyOf(observers)) {
        observer.afterCompletion(successful, false);
      }
    }
  }

  private void failed() {
    completed(synchronizations, ROLLEDBACK, false);
  }

  @Override
  public TransactionCoordinatorBuilder getTransactionCoordinatorBuilder() {
    return builder;
  }

  @Override
  public TransactionDriver getTransactionDriverControl() {
    return local.getTransactionDriverControl();
  }

  @Override
  public SynchronizationRegistry getLocalSynchronizations() {
    return synchronizations;
  }

  @Override
  public JpaCompliance getJpaCompliance() {
    return local.getJpaCompliance();
  }

  @Override
  public void explicitJoin() {
    local.explicitJoin();
  }

  @Override
  public boolean isJoined() {
    return local.isJoined();
  }

  @Override
  public boolean isActive() {
    return local.isActive();
  }

  @Override
  public IsolationDelegate createIsolationDelegate() {
    return new IndependentWork(builder.dataSource, builder.target, session);
  }

  @Override
  public void addObserver(TransactionObserver observer) {
    observers.add(observer);
  }

  @Override
  public void removeObserver(TransactionObserver observer) {
    observers.remove(observer);
  }

  @Override
  public void setTimeOut(int seconds) {
    local.setTimeOut(seconds);
  }

  @Override
  public int getTimeOut() {
    return local.getTimeOut();
  }

  /** What Hibernate's coordinator takes for its session. */
  private final class Postponing
      implements TransactionCoordinatorOwner, JdbcResourceTransactionAccess {

    private final JdbcResourceTransactionAccess transactions;

    Postponing(JdbcResourceTransactionAccess transactions) {
      this.transactions = transactions;
    }

    @Override
    public JdbcResourceTransaction getResourceLocalTransaction() {
      return transactions.getResourceLocalTransaction();
    }

    @Override
    public boolean isActive() {
      return owner.isActive();
    }

    @Override
    public void afterTransactionBegin() {
      begun();
      owner.afterTransactionBegin();
      for (TransactionObserver observer : List.copyOf(observers)) {
        observer.afterBegin();
      }
    }

    @Override
    public void beforeTransactionCompletion() {
      beforeCompletion();
    }

    @Override
    public void afterTransactionCompletion(boolean successful, boolean delayed) {
      if (successful) {
        marked();
      } else {
        failed();
      }
    }

    @Override
    public JdbcSessionOwner getJdbcSessionOwner() {
      return owner.getJdbcSessionOwner();
    }

    @Override
    public void setTransactionTimeOut(int seconds) {
      owner.setTransactionTimeOut(seconds);
    }

    @Override
    public void flushBeforeTransactionCompletion() {
      owner.flushBeforeTransactionCompletion();
    }
  }
}
