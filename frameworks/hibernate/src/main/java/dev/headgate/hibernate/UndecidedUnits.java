package dev.headgate.hibernate;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.UnitOfWork;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The units of work in which a session factory has written, until their outcome is known. What is
 * read in them may be what nobody else shall see. Safe for use by many threads.
 */
final class UndecidedUnits {

  private final RoutingDataSource dataSource;
  private final Set<UnitOfWork> units = ConcurrentHashMap.newKeySet();

  UndecidedUnits(RoutingDataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** The current unit has written. */
  void add() {
    UnitOfWork unit = Current.unit(dataSource);
    if (unit != null && units.add(unit)) {
      Runnable decided = () -> units.remove(unit);
      unit.onCommitted(decided);
      unit.onRolledBack(decided);
      unit.onUnknown(decided);
    }
  }

  /** Returns whether the current unit has written. */
  boolean isCurrent() {
    if (units.isEmpty()) {
      return false;
    }
    UnitOfWork unit = Current.unit(dataSource);
    return unit != null && units.contains(unit);
  }
}
