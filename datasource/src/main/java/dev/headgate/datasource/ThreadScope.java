package dev.headgate.datasource;

import org.jspecify.annotations.Nullable;

/** Binds the current unit of work to the thread. New threads inherit nothing. */
final class ThreadScope implements Scope {

  private final ThreadLocal<@Nullable Unit> current = new ThreadLocal<>();

  @Override
  public @Nullable Unit current() {
    Unit unit = current.get();
    while (unit != null && unit.hasEnded()) {
      // It was ended by another thread, which could not change this one.
      leave(unit);
      unit = current.get();
    }
    return unit;
  }

  @Override
  public void enter(Unit unit) {
    current.set(unit);
  }

  @Override
  public boolean resume(Unit unit) {
    Unit here = current();
    if (here == unit) {
      return false;
    }
    if (here != null && !(here == unit.outer() && unit.hasBegunHere())) {
      throw new IllegalStateException(
          "a unit of work of tenant \"%s\" can't go on here: this thread has another one, of tenant \"%s\""
              .formatted(unit.tenant(), here.tenant()));
    }
    current.set(unit);
    return true;
  }

  @Override
  public void suspend(Unit unit) {
    leave(unit);
  }

  @Override
  public void leave(Unit unit) {
    if (current.get() == unit) {
      Unit outer = unit.outer();
      if (outer == null || !unit.hasBegunHere()) {
        current.remove();
      } else {
        current.set(outer);
      }
    }
  }
}
