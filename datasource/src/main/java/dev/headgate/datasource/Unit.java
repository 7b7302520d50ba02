package dev.headgate.datasource;

import dev.headgate.datasource.pool.Borrower;
import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A unit of work that can be the current one: it has a place in its scope, and gives connections.
 *
 * <p>Confined to the thread whose {@link Turn} it is; a scope of the application's own may hand it
 * on.
 */
abstract class Unit implements UnitOfWork, ConnectionHandle.Permission {

  private static final Logger log = LoggerFactory.getLogger(Unit.class);

  private static final AtomicIntegerFieldUpdater<Unit> ENDED =
      AtomicIntegerFieldUpdater.newUpdater(Unit.class, "ended");

  /** SQLSTATE "processing canceled" (SQL/CLI, and PostgreSQL's "query_canceled" is 57014). */
  private static final String QUERY_CANCELED = "57014";

  final Units units;
  final TenantId tenant;
  final Turn turn;

  /** Who borrows: this unit, with those that it is inside, which wait while it does. */
  final Borrower borrower;

  private final @Nullable Unit outer;
  private final UnitOptions options;

  /** Immutable; replaced by the thread whose turn it is, and read by any. Null before the first. */
  private volatile @Nullable List<TransactionOutcome> outcomes;

  private Database database;
  private @Nullable Object boundTo;

  /** Where the scope has it; the scope's alone. */
  private @Nullable Object @Nullable [] enteredAt;

  /** Whether units were begun inside. Volatile, since another thread may have this one then. */
  private volatile boolean hasInner;

  /** Made when it is first needed, which it is seldom; with this object's lock held. */
  private volatile @Nullable OutcomeActions actions;

  private volatile boolean cancelled;

  /** Volatile, since another thread may give the unit up. */
  private volatile boolean rollbackOnly;

  private volatile @Nullable Throwable doom;

  /**
   * 1 when it has ended, and volatile, since other threads look that had the unit. Written without
   * a fence of its own: whoever takes the turn after this thread sees it.
   */
  private volatile int ended;

  Unit(
      Units units,
      TenantId tenant,
      Database database,
      UnitOptions options,
      Turn turn,
      @Nullable Unit outer) {
    this.units = units;
    this.tenant = tenant;
    this.database = database;
    this.options = options;
    this.turn = turn;
    this.outer = outer;
    this.borrower = outer == null ? units.newBorrower() : outer.borrower;
    if (outer != null) {
      outer.hasInner = true;
    }
  }

  /** Returns a new connection of the application's to what a route leads to. */
  abstract Connection connection(Route route) throws SQLException;

  /** Returns whether {@code begin} inside this unit joins it, in place of beginning another one. */
  abstract boolean isJoinable();

  /** Returns the unit that keeps this one from storing anything: itself, or one around it. */
  @Nullable TransactionalUnit rehearsal() {
    return outer == null ? null : outer.rehearsal();
  }

  final @Nullable Unit outer() {
    return outer;
  }

  /** Returns whether this unit was begun inside another one, at any depth. */
  final boolean isInside(Unit other) {
    Unit around = outer;
    while (around != null && around != other) {
      around = around.outer;
    }
    return around != null;
  }

  /** Returns what says the name of the work, if it has one. */
  final @Nullable Supplier<String> name() {
    return options.name();
  }

  /** Returns the key of the application's that this unit is bound to, or null for the thread. */
  final @Nullable Object boundTo() {
    return boundTo;
  }

  final void boundTo(Object key) {
    boundTo = key;
    turn.share();
  }

  final @Nullable Object @Nullable [] enteredAt() {
    return enteredAt;
  }

  final void enteredAt(@Nullable Object[] place) {
    enteredAt = place;
  }

  /** Returns whether units were begun inside, which may have ended. */
  final boolean hasInner() {
    return hasInner;
  }

  final boolean hasEnded() {
    return ended == 1;
  }

  final void requireOpen() {
    if (hasEnded()) {
      throw new IllegalStateException(
          "the unit of work of tenant \"%s\" has ended".formatted(tenant));
    }
  }

  /**
   * Throws if it is another thread's turn; takes it if it is free and this unit is current here.
   */
  final void requireTurn() throws SQLException {
    if (!turn.isMine() && !(units.isCurrent(this) && turn.take())) {
      throw new UnitInUseException(tenant, turn);
    }
  }

  /** Returns whether another thread has this unit, which is the current one here, too. */
  final boolean isHandedOver() {
    return units.isCurrent(this) && !turn.take();
  }

  /** Some of the work of this unit was lost: it must not be committed. */
  final void doom(Throwable cause) {
    rollbackOnly = true;
    if (doom == null) {
      doom = cause;
    }
  }

  @Override
  public void setRollbackOnly() {
    rollbackOnly = true;
  }

  @Override
  public boolean isRollbackOnly() {
    return rollbackOnly;
  }

  /** Returns why this unit must not be committed, if that is known. */
  @Nullable Throwable reason() {
    return doom;
  }

  /** Has the database stop what it is doing for this unit, from whatever thread. */
  abstract void cancelStatements() throws SQLException;

  @Override
  public final void cancel() throws SQLException {
    if (!hasEnded()) {
      doom(new SQLException("it was cancelled", QUERY_CANCELED));
      cancelled = true;
      cancelStatements();
    }
  }

  /** Throws if this unit was cancelled, or the rehearsal that it is in. */
  final void requireNotCancelled() throws SQLException {
    Unit rehearsal = rehearsal();
    if (cancelled || (rehearsal != null && rehearsal.cancelled)) {
      throw new SQLException(
          "the unit of work of tenant \"%s\" was cancelled, and takes no more work"
              .formatted(tenant),
          QUERY_CANCELED);
    }
  }

  @Override
  public final void require() throws SQLException {
    requireNotCancelled();
  }

  /** Throws if this unit must not be committed, with the reason. */
  final void requireCommittable() throws SQLException {
    if (!isRollbackOnly()) {
      return;
    }
    Throwable reason = reason();
    if (reason instanceof OutcomeUnknownException unknown) {
      // What became of the work is no better known now, nor is it for one that is stored in part.
      throw unknown;
    }
    if (reason instanceof PartialCommitException partly) {
      throw partly;
    }
    boolean stored = outcomes().stream().anyMatch(each -> each.outcome() == Outcome.COMMITTED);
    throw new RolledBackException(
        "the unit of work of tenant \"%s\" is rollback-only, nothing %s is stored%s"
            .formatted(
                tenant,
                stored ? "since its last commit" : "of it",
                reason == null ? "" : ": " + reason.getMessage()),
        reason);
  }

  /** Closes what the application has not. */
  abstract void closeHandles() throws SQLException;

  /** Commits what was done so far; rolls it back and throws if that can't be. */
  abstract void commitWork() throws SQLException;

  /** Undoes what was not committed. */
  abstract void rollBack() throws SQLException;

  /** Ends the transactions, if they are the unit's own. */
  void endTransactions(boolean committing) throws SQLException {
    if (committing) {
      commitAndDecide();
    } else {
      decide(Outcome.ROLLED_BACK);
      rollBack();
    }
  }

  private void commitAndDecide() throws SQLException {
    Outcome outcome = Outcome.ROLLED_BACK;
    try {
      commitWork();
      outcome = options.isRehearsal() ? Outcome.ROLLED_BACK : Outcome.COMMITTED;
    } catch (OutcomeUnknownException e) {
      outcome = Outcome.UNKNOWN;
      throw e;
    } catch (PartialCommitException e) {
      outcome = Outcome.PARTLY;
      throw e;
    } finally {
      decide(outcome);
    }
  }

  private void decide(Outcome outcome) {
    decideFrom(0, outcome);
  }

  /** Returns the place behind the outcome actions that there are now. */
  final int actionsPlace() {
    OutcomeActions all = actions;
    return all == null ? 0 : all.place();
  }

  /** The work that the outcome actions behind a place belong to has ended like this. */
  final void decideFrom(int place, Outcome outcome) {
    OutcomeActions all = actions;
    if (all != null) {
      all.decide(place, outcome);
    }
  }

  private void act(Outcome outcome, Runnable action) {
    Objects.requireNonNull(action, "action");
    requireOpen();
    actions().add(outcome, action);
  }

  private synchronized OutcomeActions actions() {
    OutcomeActions all = actions;
    if (all == null) {
      all = new OutcomeActions();
      actions = all;
    }
    return all;
  }

  @Override
  public void onCommitted(Runnable action) {
    act(Outcome.COMMITTED, action);
  }

  @Override
  public void onRolledBack(Runnable action) {
    act(Outcome.ROLLED_BACK, action);
  }

  @Override
  public void onUnknown(Runnable action) {
    act(Outcome.UNKNOWN, action);
  }

  /** Gives back what the unit has; what fails in it goes to the first failure, if there is one. */
  abstract void release(@Nullable Throwable failure);

  @Override
  public final void commit() throws SQLException {
    requireOpen();
    boolean mine = turn.isMine();
    if (!turn.take()) {
      throw new UnitInUseException(tenant, turn);
    }
    try {
      commitAndDecide();
    } finally {
      if (!mine) {
        turn.giveUp();
      }
    }
  }

  @Override
  public final void finish() throws SQLException {
    requireOpen();
    takeToEnd();
    end(true);
  }

  @Override
  public final void close() throws SQLException {
    if (!hasEnded()) {
      takeToEnd();
      end(false);
    }
  }

  /**
   * Takes the turn. If another thread has it, the unit is rolled back when that has done with it,
   * since whoever ends a unit does not come back to it.
   */
  private void takeToEnd() throws UnitInUseException {
    if (!turn.take()) {
      UnitInUseException failure = new UnitInUseException(tenant, turn);
      doom(failure);
      units.suspend(this);
      turn.whenFree(this::endLate);
      throw failure;
    }
  }

  private void endLate() {
    try {
      close();
    } catch (SQLException | RuntimeException e) {
      log.warn("The unit of work of tenant {} was rolled back, but not cleanly", tenant, e);
    }
  }

  @Override
  public final void suspend() throws SQLException {
    requireOpen();
    leaveHere();
  }

  /** Leaves this thread, with the units that were begun inside here. */
  private void leaveHere() throws SQLException {
    try {
      if (!hasEnded()) {
        units.endInner(this);
      }
    } catch (SQLException | RuntimeException | Error e) {
      doom(e);
      throw e;
    } finally {
      units.suspend(this);
      turn.giveUp();
    }
  }

  private void leaveAfter(Throwable failure) {
    try {
      leaveHere();
    } catch (SQLException | RuntimeException | Error e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public final void resume() {
    requireOpen();
    units.resume(this);
  }

  @Override
  public final Runnable handOver(Runnable task) {
    Objects.requireNonNull(task, "task");
    Callable<@Nullable Void> call =
        handOver(
            () -> {
              task.run();
              return null;
            });
    return () -> {
      try {
        call.call();
      } catch (RuntimeException e) {
        throw e;
      } catch (SQLException e) {
        throw new UncheckedSQLException(e);
      } catch (Exception e) {
        throw new AssertionError("a Runnable has thrown a checked exception", e);
      }
    };
  }

  @Override
  public final <T extends @Nullable Object> Callable<T> handOver(Callable<T> task) {
    Objects.requireNonNull(task, "task");
    turn.giveUp();
    return () -> {
      requireOpen();
      boolean entered = units.resume(this);
      T result;
      try {
        result = task.call();
      } catch (Exception | Error e) {
        if (entered) {
          leaveAfter(e);
        }
        throw e;
      }
      if (entered) {
        leaveHere();
      }
      return result;
    };
  }

  @Override
  public final void whenFree(Runnable action) {
    turn.whenFree(Objects.requireNonNull(action, "action"));
  }

  /**
   * Each step is taken, whatever the one before it throws; the first failure is thrown, or that of
   * the commit.
   */
  private void end(boolean committing) throws SQLException {
    Throwable first = null;
    try {
      units.endInner(this);
    } catch (SQLException | RuntimeException | Error e) {
      first = e;
    }
    try {
      closeHandles();
    } catch (SQLException | RuntimeException | Error e) {
      first = Failures.combine(first, e);
    }
    if (first != null) {
      doom(first);
    }
    try {
      endTransactions(committing);
    } catch (SQLException | RuntimeException | Error e) {
      first = committing ? leading(e, first) : Failures.combine(first, e);
    }
    // Whoever looks from now on, from within close() too, sees a unit that has ended.
    ENDED.lazySet(this, 1);
    try {
      release(first);
    } finally {
      units.leave(this);
      turn.giveUp();
    }
    OutcomeActions due = actions;
    if (due != null) {
      due.run(options.actionExecutor(), tenant);
    }
    Failures.rethrow(first);
  }

  /** What became of the work is said first, whatever failed before: it may be why. */
  private static Throwable leading(Throwable outcome, @Nullable Throwable before) {
    if (before != null && outcome.getCause() != before && outcome != before) {
      outcome.addSuppressed(before);
    }
    return outcome;
  }

  final int transactionsEnded() {
    return outcomes().size();
  }

  final void ended(Route route, Outcome outcome) {
    TransactionOutcome last = new TransactionOutcome(route.bind(), outcome);
    List<TransactionOutcome> before = outcomes;
    if (before == null) {
      outcomes = List.of(last);
      return;
    }
    List<TransactionOutcome> all = new ArrayList<>(before);
    all.add(last);
    outcomes = List.copyOf(all);
  }

  @Override
  public final TenantId tenant() {
    return tenant;
  }

  @Override
  public final Database database() {
    return database;
  }

  /** The directory has another answer than at the unit's begin, and the unit goes there. */
  final void database(Database newer) {
    database = newer;
  }

  @Override
  public final Optional<Outcome> outcome() {
    List<TransactionOutcome> all = outcomes();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Outcome first = all.get(0).outcome();
    for (TransactionOutcome each : all) {
      if (each.outcome() != first) {
        return Optional.of(Outcome.PARTLY);
      }
    }
    return Optional.of(first);
  }

  @Override
  public final List<TransactionOutcome> outcomes() {
    List<TransactionOutcome> all = outcomes;
    return all == null ? List.of() : all;
  }

  @Override
  public String toString() {
    return "unit of work of tenant " + tenant;
  }
}
