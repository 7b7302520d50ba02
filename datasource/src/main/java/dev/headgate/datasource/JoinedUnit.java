package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A view of a unit of work that was already there: its commit is a mark, its close without commit
 * undoes to its start.
 */
final class JoinedUnit implements UnitOfWork {

  private final Unit unit;

  /** The unit with the transactions: the one that was joined, or the rehearsal that it is in. */
  private final TransactionalUnit transactions;

  private final UnitMark mark;
  private boolean ended;

  JoinedUnit(Unit unit, TransactionalUnit transactions) throws SQLException {
    this.unit = unit;
    this.transactions = transactions;
    this.mark = transactions.mark();
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
    unit.requireCommittable();
    mark.keep();
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
        mark.undo();
      }
    } finally {
      transactions.drop(mark);
    }
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
