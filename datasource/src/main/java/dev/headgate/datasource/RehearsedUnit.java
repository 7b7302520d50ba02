package dev.headgate.datasource;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A unit of work inside a rehearsal: it behaves like one of its own, but its commit is a mark in
 * the rehearsal's transactions, which are rolled back in the end.
 */
final class RehearsedUnit extends Unit {

  private final TransactionalUnit rehearsal;
  private final UnitMark mark;
  private final List<UnitHandle> handles = new ArrayList<>(2);

  RehearsedUnit(Units units, TransactionalUnit rehearsal, UnitOptions options, Unit outer)
      throws SQLException {
    super(units, rehearsal.tenant(), rehearsal.database(), options, rehearsal.turn, outer);
    this.rehearsal = rehearsal;
    outer.requireTurn();
    this.mark = rehearsal.mark();
  }

  @Override
  UnitHandle connection(Route route) throws SQLException {
    requireOpen();
    handles.removeIf(UnitHandle::isClosed);
    UnitHandle handle = rehearsal.connection(route, this);
    handles.add(handle);
    return handle;
  }

  @Override
  boolean isJoinable() {
    return true;
  }

  @Override
  public boolean isRollbackOnly() {
    return super.isRollbackOnly() || rehearsal.isRollbackOnly();
  }

  @Override
  @Nullable Throwable reason() {
    Throwable own = super.reason();
    return own != null ? own : rehearsal.reason();
  }

  @Override
  void commitWork() throws SQLException {
    try {
      requireCommittable();
    } catch (SQLException e) {
      throw rollBack(e);
    }
    List<Route> worked = mark.worked();
    try {
      mark.keep();
    } catch (SQLException e) {
      RolledBackException failure =
          new RolledBackException(
              "the unit of work of tenant \"%s\" can't be committed: %s"
                  .formatted(tenant, e.getMessage()),
              e);
      doom(failure);
      throw rollBack(failure);
    }
    worked.forEach(route -> ended(route, Outcome.COMMITTED));
  }

  private SQLException rollBack(SQLException failure) {
    try {
      rollBack();
    } catch (SQLException | RuntimeException | Error e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  @Override
  void rollBack() throws SQLException {
    mark.worked().forEach(route -> ended(route, Outcome.ROLLED_BACK));
    mark.undo();
  }

  @Override
  void closeHandles() throws SQLException {
    Throwable first = null;
    for (int i = handles.size() - 1; i >= 0; i--) {
      try {
        handles.get(i).close();
      } catch (SQLException | RuntimeException | Error e) {
        first = Failures.combine(first, e);
      }
    }
    Failures.rethrow(first);
  }

  @Override
  void cancelStatements() throws SQLException {
    rehearsal.cancelStatements();
  }

  @Override
  void release(@Nullable Throwable failure) {
    rehearsal.drop(mark);
  }
}
