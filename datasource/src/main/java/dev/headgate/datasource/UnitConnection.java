package dev.headgate.datasource;

import dev.headgate.datasource.ConnectionHandle.Permission;
import dev.headgate.datasource.Marks.Mark;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of a unit of work to its database: knows what was done on it, what of that is
 * in doubt, and ends its transactions.
 *
 * <p>Confined to the thread that has the unit of work.
 */
final class UnitConnection {

  private final TransactionalUnit unit;
  private final Route route;
  private final BorrowedConnection borrowed;
  private final Connection physical;
  private final Marks marks = new Marks();
  private final List<UnitHandle> handles = new ArrayList<>(2);

  /** The first failure since the transaction was last known to be whole. */
  private @Nullable Throwable suspicion;

  /** The failure with which the database gave up the whole transaction. */
  private @Nullable Throwable lost;

  /** Whether the driver's own connection was handed out, so that work can't be seen any more. */
  private boolean unwrapped;

  /** Whether work was done whose failures can't be seen. */
  private boolean unobserved;

  UnitConnection(TransactionalUnit unit, Route route, BorrowedConnection borrowed) {
    this.unit = unit;
    this.route = route;
    this.borrowed = borrowed;
    this.physical = borrowed.connection();
  }

  Route route() {
    return route;
  }

  /** Returns a new handle on this connection. */
  UnitHandle handle(boolean autoCommit, Permission permission) throws SQLException {
    UnitHandle handle = new UnitHandle(this, permission);
    if (!autoCommit) {
      handle.setAutoCommit(false);
    }
    handles.add(handle);
    return handle;
  }

  void forget(UnitHandle handle) {
    handles.remove(handle);
  }

  BorrowedConnection borrowed() {
    return borrowed;
  }

  /** Returns whether no statement was sent in the current transaction. */
  boolean isUntouched() {
    return marks.atStart() && !unwrapped;
  }

  void requireTurn() throws SQLException {
    unit.requireTurn();
  }

  /** Returns whether another thread has the unit that is the current one here, too. */
  boolean isHandedOver() {
    return unit.isHandedOver();
  }

  Turn turn() {
    return unit.turn;
  }

  /** A statement of this handle follows: has the marks set that it needs before it. */
  void beforeStatement(UnitHandle handle) throws SQLException {
    setMarks();
    marks.worked(handle);
  }

  private void setMarks() throws SQLException {
    try {
      marks.beforeStatement(physical);
    } catch (SQLException | RuntimeException | Error e) {
      noticed(e);
      throw e;
    }
  }

  /** Work of this handle follows whose failures are not seen. */
  void unobserved(UnitHandle handle) throws SQLException {
    beforeStatement(handle);
    unobserved = true;
  }

  /** The driver's own connection is handed out: from now on any work may be done unseen. */
  void unwrapped(UnitHandle handle) throws SQLException {
    unobserved(handle);
    unwrapped = true;
  }

  /** A statement or a result has failed. */
  void noticed(Throwable failure) {
    borrowed.explain(failure, unit.tenant());
    if (suspicion == null) {
      suspicion = failure;
    }
    if (lost == null
        && (Failures.isTransactionLost(failure) || InnoDb.hasUndoneAll(failure, physical))) {
      lost = failure;
    }
  }

  Mark mark(Object owner) throws SQLException {
    Mark mark = marks.set(owner);
    settle();
    return mark;
  }

  /** Throws if the database has not kept what was done since the mark; may ask it. */
  void requireKept(Mark mark) throws SQLException {
    if (mark.hasFallen()) {
      throw new SQLException(
          "this inner transaction was rolled back together with an outer one: roll it back",
          "40000");
    }
    Throwable doubt = doubt();
    if (doubt != null) {
      throw new SQLException(
          "this inner transaction can't be committed, since one of its statements has failed and"
              + " the database has given it up: roll it back",
          "40000",
          doubt);
    }
  }

  /** What was done since the mark stays, after {@link #requireKept}; the mark moves here. */
  void keep(Mark mark) throws SQLException {
    marks.move(mark);
    try {
      settle();
    } catch (SQLException | RuntimeException | Error e) {
      // Whoever hears that it was not kept can't undo it any more.
      unit.doomCurrent(e);
      throw e;
    }
  }

  /** Undoes what was done since the mark; the mark stays where it is. */
  void undo(Mark mark) throws SQLException {
    if (lost != null || borrowed.isBroken()) {
      undoAll(mark);
      return;
    }
    try {
      if (marks.undo(mark, physical)) {
        suspicion = null;
      }
    } catch (SQLException | RuntimeException | Error e) {
      unit.doom(e);
      unit.ended(route, Outcome.ROLLED_BACK);
      try {
        rollback();
      } catch (SQLException | RuntimeException | Error later) {
        e.addSuppressed(later);
      }
      throw e;
    }
    settle();
  }

  /**
   * Undoes what was done since the mark of a handle that is closed without commit. If others have
   * worked since, theirs would silently go, too: then the unit can't be committed any more.
   */
  void abandon(Mark mark) throws SQLException {
    if (mark.haveOthersWorked()) {
      unit.doomCurrent(
          new SQLException(
              "a connection was closed with an inner transaction that it had not committed, and"
                  + " others have worked since it began: commit or roll back before close",
              "25000"));
    } else {
      undo(mark);
    }
  }

  /** Undoes more than was asked for, which the rest of the unit can't survive. */
  private void undoAll(Mark mark) throws SQLException {
    boolean tooMuch = borrowed.isBroken() || !marks.isAtStart(mark);
    Throwable cause = lost != null ? lost : connectionLost();
    try {
      rollback();
    } catch (SQLException | RuntimeException | Error e) {
      tooMuch = true;
      throw e;
    } finally {
      marks.rolledBackFor(mark);
      if (tooMuch) {
        unit.doom(cause);
        unit.ended(route, Outcome.ROLLED_BACK);
      }
    }
  }

  void drop(Mark mark) {
    marks.drop(mark);
  }

  /** Work may go on unseen after a mark only if the mark is in the database already. */
  private void settle() throws SQLException {
    if (unwrapped) {
      setMarks();
    }
  }

  /** Returns why the transaction is not whole any more, or null if it is; may ask the database. */
  private @Nullable Throwable doubt() throws SQLException {
    if (lost != null) {
      return lost;
    }
    if (borrowed.isBroken()) {
      return connectionLost();
    }
    if (suspicion == null && !unobserved) {
      return null;
    }
    try {
      // Refused in a transaction that has been aborted. PostgreSQL would answer COMMIT of such a
      // one with a quiet ROLLBACK.
      marks.probe(physical);
      suspicion = null;
      unobserved = unwrapped;
      return null;
    } catch (SQLException | RuntimeException | Error e) {
      return suspicion == null ? e : Failures.combine(suspicion, e);
    }
  }

  private Throwable connectionLost() {
    return suspicion != null ? suspicion : new SQLException("the connection was lost", "08006");
  }

  /**
   * Rolls the transaction back if the database has given it up; may ask it.
   *
   * @throws RolledBackException if it was rolled back
   */
  void requireWhole() throws SQLException {
    if (isUntouched() && lost == null) {
      return;
    }
    Throwable doubt = doubt();
    if (doubt != null) {
      throw rollBackInstead("a statement has failed, and the database has given up", doubt);
    }
  }

  /**
   * Commits the transaction if anything was done in it, and tells the unit the outcome.
   *
   * @throws RolledBackException if it was rolled back
   * @throws OutcomeUnknownException if that is not known
   */
  void commit() throws SQLException {
    requireWhole();
    if (isUntouched()) {
      return;
    }
    try {
      physical.commit();
    } catch (SQLException | RuntimeException | Error e) {
      if (Failures.isRefusedByServer(e)) {
        throw rollBackInstead("the database refused COMMIT for", e);
      }
      borrowed.condemn();
      marks.rolledBack();
      unit.ended(route, Outcome.UNKNOWN);
      throw new OutcomeUnknownException(
          "it is not known whether the transaction of %s was stored: COMMIT failed with %s"
              .formatted(whose(), e),
          e);
    }
    // First of all: whatever fails from now on, it is stored.
    unit.ended(route, Outcome.COMMITTED);
    startOver();
    marks.committed();
    settle();
  }

  private String whose() {
    String tenant = "tenant \"" + unit.tenant() + "\"";
    return route.bind().isEmpty() ? tenant : tenant + " in " + Route.describe(route.bind());
  }

  private RolledBackException rollBackInstead(String why, Throwable cause) {
    RolledBackException failure =
        new RolledBackException(
            "%s the transaction of %s, which was rolled back: %s"
                .formatted(why, whose(), cause.getMessage()),
            cause);
    try {
      end(true);
    } catch (SQLException | RuntimeException | Error e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /** Rolls the transaction back if anything was done in it, and tells the unit the outcome. */
  void end() throws SQLException {
    end(marks.haveWork() || lost != null);
  }

  private void end(boolean work) throws SQLException {
    try {
      if (work || !isUntouched()) {
        rollback();
      }
    } finally {
      if (work) {
        unit.ended(route, Outcome.ROLLED_BACK);
      }
    }
  }

  /** Rolls all back. If that fails, the connection is destroyed in the end, which does it too. */
  private void rollback() throws SQLException {
    boolean done = false;
    try {
      if (!borrowed.isBroken()) {
        physical.rollback();
        done = true;
      }
    } finally {
      if (!done) {
        borrowed.condemn();
      }
      startOver();
      marks.rolledBack();
    }
    settle();
  }

  private void startOver() {
    suspicion = null;
    lost = null;
    unobserved = unwrapped;
  }

  /** Closes the handles that are still open, the newest first. */
  void closeHandles() throws SQLException {
    Throwable first = null;
    while (!handles.isEmpty()) {
      try {
        handles.get(handles.size() - 1).close();
      } catch (SQLException | RuntimeException | Error e) {
        first = Failures.combine(first, e);
      }
    }
    Failures.rethrow(first);
  }
}
