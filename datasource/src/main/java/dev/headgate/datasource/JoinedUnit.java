package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A view of a unit of work that was already there: its commit is a mark, its close without commit
 * undoes to its start.
 */
final class JoinedUnit implements UnitOfWork {

  private final Unit unit;

  /** The unit with the transactions: the one that was joined, or the rehearsal that it is in. */
  private final TransactionalUnit transactions;

  private final UnitMark mark;

  /** Which outcome actions of the unit belong to what was done since the mark. */
  private int actions;

  private boolean ended;

  JoinedUnit(Unit unit, TransactionalUnit transactions) throws SQLException {
    this.unit = unit;
    this.transactions = transactions;
    unit.requireTurn();
    this.mark = transactions.mark();
    this.actions = unit.actionsPlace();
  }

  @Override
  public TenantId tenant() {
    return unit.tenant();
  }

  @Override
  public Database database() {
    return unit.database();
  }

  @Override
  public void commit() throws SQLException {
    if (ended) {
      throw new IllegalStateException(
          "this part of the unit of work of tenant \"%s\" has ended".formatted(tenant()));
    }
    unit.requireOpen();
    unit.requireTurn();
    unit.requireCommittable();
    mark.keep();
    actions = unit.actionsPlace();
  }

  @Override
  public void finish() throws SQLException {
    Throwable first = null;
    try {
      commit();
    } catch (SQLException | RuntimeException | Error e) {
      first = e;
    }
    try {
      close();
    } catch (SQLException | RuntimeException | Error e) {
      first = Failures.combine(first, e);
    }
    Failures.rethrow(first);
  }

  @Override
  public void setRollbackOnly() {
    unit.setRollbackOnly();
  }

  @Override
  public boolean isRollbackOnly() {
    return unit.isRollbackOnly();
  }

  @Override
  public void close() throws SQLException {
    if (ended) {
      return;
    }
    ended = true;
    try {
      if (!unit.hasEnded()) {
        requireTurnToUndo();
        unit.decideFrom(actions, Outcome.ROLLED_BACK);
        mark.undo();
      }
    } finally {
      unit.turn.whenFree(() -> transactions.drop(mark));
    }
  }

  /** What can't be undone here must not be committed with the rest. */
  private void requireTurnToUndo() throws SQLException {
    try {
      unit.requireTurn();
    } catch (SQLException e) {
      unit.doom(e);
      throw e;
    }
  }

  @Override
  public void onCommitted(Runnable action) {
    unit.onCommitted(action);
  }

  @Override
  public void onRolledBack(Runnable action) {
    unit.onRolledBack(action);
  }

  @Override
  public void onUnknown(Runnable action) {
    unit.onUnknown(action);
  }

  @Override
  public Runnable handOver(Runnable task) {
    return unit.handOver(task);
  }

  @Override
  public <T extends @Nullable Object> Callable<T> handOver(Callable<T> task) {
    return unit.handOver(task);
  }

  @Override
  public void suspend() throws SQLException {
    unit.suspend();
  }

  @Override
  public void resume() {
    unit.resume();
  }

  @Override
  public void whenFree(Runnable action) {
    unit.whenFree(action);
  }

  @Override
  public void cancel() throws SQLException {
    unit.cancel();
  }

  @Override
  public Optional<Outcome> outcome() {
    return unit.outcome();
  }

  @Override
  public List<TransactionOutcome> outcomes() {
    return unit.outcomes();
  }

  @Override
  public String toString() {
    return "part of " + unit;
  }
}
