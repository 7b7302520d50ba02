package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A unit of work with transactions of its own: one in each database that it uses. */
final class TransactionalUnit extends Unit {

  private static final Logger log = LoggerFactory.getLogger(TransactionalUnit.class);

  private final UnitOptions options;

  /**
   * In the order in which they are committed; null before the first. Volatile, since another thread
   * may cancel.
   */
  private volatile @Nullable List<UnitConnection> borrowed;

  /** The marks of units that have joined and are still open, the oldest first. */
  private final List<UnitMark> marks = new ArrayList<>(0);

  TransactionalUnit(
      Units units, TenantId tenant, Database database, UnitOptions options, @Nullable Unit outer) {
    super(units, tenant, database, options, new Turn(), outer);
    this.options = options;
  }

  @Override
  @Nullable TransactionalUnit rehearsal() {
    return options.isRehearsal() ? this : null;
  }

  @Override
  boolean isJoinable() {
    return !options.isRehearsal();
  }

  @Override
  UnitHandle connection(Route route) throws SQLException {
    return connection(route, this);
  }

  /**
   * Returns a new handle for this unit, or one inside a rehearsal; borrows the connection if this
   * is the first.
   */
  UnitHandle connection(Route route, Unit owner) throws SQLException {
    requireOpen();
    owner.requireNotCancelled();
    List<UnitConnection> connections = connections();
    int index = 0;
    while (index < connections.size()) {
      UnitConnection each = connections.get(index);
      if (each.route() == route) {
        return each.handle(units.autoCommit(), owner);
      }
      if (each.route().position() > route.position()) {
        break;
      }
      index++;
    }
    UnitConnection added = new UnitConnection(this, route, borrow(route));
    borrowed = with(added, index);
    for (UnitMark mark : marks) {
      mark.setIn(added);
    }
    return added.handle(units.autoCommit(), owner);
  }

  private List<UnitConnection> connections() {
    List<UnitConnection> all = borrowed;
    return all == null ? List.of() : all;
  }

  private List<UnitConnection> with(UnitConnection added, int index) {
    List<UnitConnection> before = borrowed;
    if (before == null) {
      return List.of(added);
    }
    List<UnitConnection> all = new ArrayList<>(before);
    all.add(index, added);
    return List.copyOf(all);
  }

  private BorrowedConnection borrow(Route route) throws SQLException {
    BorrowedConnection borrowed = units.borrow(route, this);
    try {
      Connection connection = borrowed.connection();
      if (connection.getAutoCommit()) {
        connection.setAutoCommit(false);
      }
      if (options.isReadOnly()) {
        connection.setReadOnly(true);
      }
      if (options.isolation().isPresent()) {
        connection.setTransactionIsolation(options.isolation().getAsInt());
      }
      return borrowed;
    } catch (SQLException | RuntimeException | Error e) {
      borrowed.condemn();
      try {
        borrowed.giveBack();
      } catch (SQLException | RuntimeException | Error later) {
        e.addSuppressed(later);
      }
      throw e;
    }
  }

  UnitMark mark() throws SQLException {
    requireOpen();
    UnitMark mark = new UnitMark();
    for (UnitConnection connection : connections()) {
      mark.setIn(connection);
    }
    marks.add(mark);
    return mark;
  }

  void drop(UnitMark mark) {
    marks.remove(mark);
    mark.drop();
  }

  /** Work of the current unit here, which may be a rehearsed one inside this one, was lost. */
  void doomCurrent(Throwable cause) {
    units.currentInside(this).doom(cause);
  }

  @Override
  void commitWork() throws SQLException {
    try {
      requireCommittable();
    } catch (SQLException e) {
      throw rollBack(e);
    }
    int before = transactionsEnded();
    try {
      if (connections().size() > 1 || options.isRehearsal()) {
        // What can be seen beforehand must not be found out when the first one is committed.
        for (UnitConnection connection : connections()) {
          connection.requireWhole();
        }
      }
      if (!options.isRehearsal()) {
        for (UnitConnection connection : connections()) {
          connection.commit();
        }
      }
    } catch (SQLException | RuntimeException | Error e) {
      Throwable failure = rollBack(e);
      List<TransactionOutcome> these = outcomes().subList(before, transactionsEnded());
      if (these.stream().anyMatch(each -> each.outcome() == Outcome.COMMITTED)) {
        failure = new PartialCommitException(tenant, these, e);
      }
      doom(failure);
      Failures.rethrow(failure);
    }
  }

  /** Rolls back what is left after a failure, which is returned. */
  private <X extends Throwable> X rollBack(X failure) {
    try {
      rollBack();
    } catch (SQLException | RuntimeException | Error e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  @Override
  void rollBack() throws SQLException {
    each(UnitConnection::end);
  }

  @Override
  void closeHandles() throws SQLException {
    each(UnitConnection::closeHandles);
  }

  @Override
  void endTransactions(boolean committing) throws SQLException {
    super.endTransactions(committing);
    if (committing && options.isRehearsal()) {
      rollBack();
    }
  }

  @Override
  void cancelStatements() throws SQLException {
    each(connection -> connection.borrowed().cancelStatement());
  }

  @Override
  void release(@Nullable Throwable failure) {
    for (UnitConnection connection : connections()) {
      try {
        connection.borrowed().giveBack();
      } catch (SQLException | RuntimeException | Error e) {
        // The outcome stands, and the connection is destroyed: that is no failure of the work.
        if (failure == null) {
          log.warn("The connection of tenant {} could not be cleaned and was destroyed", tenant, e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
  }

  @FunctionalInterface
  private interface Step {
    void take(UnitConnection connection) throws SQLException;
  }

  /** Takes a step on each connection, whatever it throws on another; throws the first failure. */
  private void each(Step step) throws SQLException {
    List<UnitConnection> all = connections();
    Throwable first = null;
    // By index: an iterator for each step of each unit is seen in the measurements.
    for (int i = 0; i < all.size(); i++) {
      try {
        step.take(all.get(i));
      } catch (SQLException | RuntimeException | Error e) {
        first = Failures.combine(first, e);
      }
    }
    Failures.rethrow(first);
  }
}
