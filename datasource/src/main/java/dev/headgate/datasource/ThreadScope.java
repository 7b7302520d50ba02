package dev.headgate.datasource;

import org.jspecify.annotations.Nullable;

/** Binds the current unit of work to the thread. New threads inherit nothing. */
final class ThreadScope {

  private final ThreadLocal<@Nullable Unit> current = new ThreadLocal<>();

  /** Returns the current unit of this thread, if it has one that has not ended. */
  @Nullable Unit current() {
    Unit unit = current.get();
    while (unit != null && unit.hasEnded()) {
      // It was ended by another thread, which could not change this one.
      leave(unit);
      unit = current.get();
    }
    return unit;
  }

  void enter(Unit unit) {
    current.set(unit);
  }

  /** The unit is not the current one any more; the one around it is. */
  void leave(Unit unit) {
    if (current.get() == unit) {
      Unit outer = unit.outer();
      if (outer == null) {
        current.remove();
      } else {
        current.set(outer);
      }
    }
  }
}
