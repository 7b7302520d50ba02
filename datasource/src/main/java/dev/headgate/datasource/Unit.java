package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A unit of work that can be the current one: it has a place in its scope, and gives connections.
 *
 * <p>Confined to the thread that has it; a scope of the application's own may hand it on.
 */
abstract class Unit implements UnitOfWork {

  final Units units;
  final TenantId tenant;
  private final @Nullable Unit outer;
  private final List<TransactionOutcome> outcomes = new ArrayList<>(1);
  private Database database;
  private @Nullable Object boundTo;
  private boolean rollbackOnly;
  private @Nullable Throwable doom;

  /** Volatile, since another thread may look that has the key of its scope, or had it. */
  private volatile boolean ended;

  Unit(Units units, TenantId tenant, Database database, @Nullable Unit outer) {
    this.units = units;
    this.tenant = tenant;
    this.database = database;
    this.outer = outer;
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

  /** Returns the key of the application's that this unit is bound to, or null for the thread. */
  final @Nullable Object boundTo() {
    return boundTo;
  }

  final void boundTo(Object key) {
    boundTo = key;
  }

  final boolean hasEnded() {
    return ended;
  }

  final void requireOpen() {
    if (ended) {
      throw new IllegalStateException(
          "the unit of work of tenant \"%s\" has ended".formatted(tenant));
    }
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
    boolean stored = outcomes.stream().anyMatch(each -> each.outcome() == Outcome.COMMITTED);
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

  /** Ends the transactions, if they are the unit's own. */
  void endTransactions(boolean committing) throws SQLException {
    if (committing) {
      commit();
    } else {
      rollBack();
    }
  }

  /** Undoes what was not committed. */
  abstract void rollBack() throws SQLException;

  /** Gives back what the unit has; what fails in it goes to the first failure, if there is one. */
  abstract void release(@Nullable Throwable failure);

  @Override
  public final void finish() throws SQLException {
    requireOpen();
    end(true);
  }

  @Override
  public final void close() throws SQLException {
    if (!ended) {
      end(false);
    }
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
    ended = true;
    try {
      release(first);
    } finally {
      units.leave(this);
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
    return outcomes.size();
  }

  final void ended(Route route, Outcome outcome) {
    outcomes.add(new TransactionOutcome(route.bind(), outcome));
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
    if (outcomes.isEmpty()) {
      return Optional.empty();
    }
    Outcome first = outcomes.get(0).outcome();
    boolean same = outcomes.stream().allMatch(each -> each.outcome() == first);
    return Optional.of(same ? first : Outcome.PARTLY);
  }

  @Override
  public final List<TransactionOutcome> outcomes() {
    return List.copyOf(outcomes);
  }

  @Override
  public String toString() {
    return "unit of work of tenant " + tenant;
  }
}
