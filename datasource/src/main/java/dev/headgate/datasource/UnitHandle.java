package dev.headgate.datasource;

import dev.headgate.datasource.Marks.Mark;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A handle inside a unit of work. It behaves like a fresh connection whose durability is postponed
 * to the unit's end: what {@code setAutoCommit(false)} begins is an inner transaction, with a mark
 * to return to.
 */
final class UnitHandle extends ConnectionHandle {

  /** SQLSTATE "invalid transaction state". */
  private static final String INVALID_STATE = "25000";

  /** SQLSTATE "active SQL transaction". */
  private static final String ACTIVE_TRANSACTION = "25001";

  /** SQLSTATE "invalid savepoint specification". */
  private static final String INVALID_SAVEPOINT = "3B001";

  private final UnitConnection unit;
  private final Turn turn;
  private final List<HandleSavepoint> savepoints = new ArrayList<>(0);
  private int savepointsMade;
  private boolean readOnly;

  /** The start of the inner transaction; null in auto-commit mode. */
  private @Nullable Mark mark;

  UnitHandle(UnitConnection unit, Permission permission) {
    super(unit.borrowed(), permission);
    this.unit = unit;
    this.turn = unit.turn();
  }

  /** Asked with each call, and so with each column of each row. */
  @Override
  void requireTurn() throws SQLException {
    if (!turn.isMine()) {
      unit.requireTurn();
    }
  }

  @Override
  Connection working() throws SQLException {
    Connection connection = open();
    unit.beforeStatement(this);
    return connection;
  }

  @Override
  Connection unobserved() throws SQLException {
    Connection connection = open();
    unit.unobserved(this);
    return connection;
  }

  /** A unit of work is no other thread's meanwhile. */
  @Override
  void done() {}

  @Override
  void unwrapped() throws SQLException {
    unit.unwrapped(this);
  }

  @Override
  void noticed(Throwable failure) {
    unit.noticed(failure);
  }

  @Override
  public boolean getAutoCommit() throws SQLException {
    open();
    return mark == null;
  }

  @Override
  public void setAutoCommit(boolean autoCommit) throws SQLException {
    open();
    Mark begun = mark;
    if (!autoCommit && begun == null) {
      mark = unit.mark(this);
    } else if (autoCommit && begun != null) {
      keep(begun);
      forgetMarks();
    }
  }

  @Override
  public void commit() throws SQLException {
    keep(inner("commit"));
    dropSavepoints(0);
  }

  private void keep(Mark begun) throws SQLException {
    unit.requireKept(begun);
    unit.keep(begun);
  }

  @Override
  public void rollback() throws SQLException {
    Mark begun = inner("rollback");
    dropSavepoints(0);
    unit.undo(begun);
  }

  private Mark inner(String call) throws SQLException {
    open();
    Mark begun = mark;
    if (begun == null) {
      throw new SQLException(
          call
              + "() in auto-commit mode: call setAutoCommit(false) first, or leave it to the unit of"
              + " work, which ends with the request",
          INVALID_STATE);
    }
    return begun;
  }

  @Override
  public Savepoint setSavepoint() throws SQLException {
    return savepoint(null);
  }

  @Override
  public Savepoint setSavepoint(@Nullable String name) throws SQLException {
    return savepoint(name);
  }

  private Savepoint savepoint(@Nullable String name) throws SQLException {
    inner("setSavepoint");
    HandleSavepoint savepoint = new HandleSavepoint(++savepointsMade, name, unit.mark(this));
    savepoints.add(savepoint);
    return savepoint;
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    inner("rollback");
    int index = own(savepoint);
    Mark place = savepoints.get(index).mark();
    if (place.isGone()) {
      throw new SQLException(
          "this savepoint went with the rollback of an outer transaction", INVALID_SAVEPOINT);
    }
    dropSavepoints(index + 1);
    unit.undo(place);
  }

  @Override
  public void releaseSavepoint(Savepoint savepoint) throws SQLException {
    inner("releaseSavepoint");
    dropSavepoints(own(savepoint));
  }

  private int own(Savepoint savepoint) throws SQLException {
    int index = savepoints.indexOf(savepoint);
    if (index < 0) {
      throw new SQLException(
          "no savepoint of this connection's current transaction", INVALID_SAVEPOINT);
    }
    return index;
  }

  /** Forgets the savepoints from an index upwards. */
  private void dropSavepoints(int from) {
    while (savepoints.size() > from) {
      unit.drop(savepoints.remove(savepoints.size() - 1).mark());
    }
  }

  private void forgetMarks() {
    dropSavepoints(0);
    Mark begun = mark;
    if (begun != null) {
      unit.drop(begun);
      mark = null;
    }
  }

  @Override
  public void close() throws SQLException {
    if (isOpen() && !close(this::closeInTurn)) {
      abandon();
    }
  }

  /** Who has handed the unit over may still close what it has opened. */
  @Override
  boolean close(Closing closing) throws SQLException {
    boolean hadTurn = turn.isMine();
    if (!hadTurn && unit.isHandedOver()) {
      return false;
    }
    requireTurn();
    try {
      closing.run();
    } finally {
      if (!hadTurn) {
        turn.giveUp();
      }
    }
    return true;
  }

  private void closeInTurn() throws SQLException {
    if (!markClosed()) {
      return;
    }
    Throwable first = null;
    try {
      closeStatements();
    } catch (SQLException | RuntimeException | Error e) {
      first = e;
    }
    try {
      Mark begun = mark;
      if (begun != null && begun.hasWorked()) {
        unit.abandon(begun);
      }
    } catch (SQLException | RuntimeException | Error e) {
      first = Failures.combine(first, e);
    }
    forgetMarks();
    unit.forget(this);
    Failures.rethrow(first);
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    open();
    return readOnly;
  }

  /** A hint, which is remembered and not sent: other handles share the transaction. */
  @Override
  public void setReadOnly(boolean readOnly) throws SQLException {
    open();
    this.readOnly = readOnly;
  }

  @Override
  public int getTransactionIsolation() throws SQLException {
    return open().getTransactionIsolation();
  }

  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    Connection connection = open();
    if (unit.isUntouched()) {
      connection.setTransactionIsolation(level);
    } else if (connection.getTransactionIsolation() != level) {
      throw new SQLException(
          "the isolation level can't be changed after the first statement of the unit of work:"
              + " begin it with UnitOptions.isolation(…)",
          ACTIVE_TRANSACTION);
    }
  }
}
