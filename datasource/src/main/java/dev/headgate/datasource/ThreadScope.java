package dev.headgate.datasource;

import org.jspecify.annotations.Nullable;

/** Binds the current unit of work to the thread. New threads inherit nothing. */
final class ThreadScope implements Scope {

  /** A unit on this thread, above the one that is current again without it. */
  private record Place(Unit unit, @Nullable Place below) {

    @Nullable Place without(Unit gone) {
      if (unit == gone) {
        return below;
      }
      return below == null ? this : new Place(unit, below.without(gone));
    }
  }

  /**
   * A thread, and the place of the unit that is current there, or null. What stays with a thread is
   * such an array without a place, in which nothing is of a class of ours: it keeps no application
   * from being unloaded. Removing it with each unit would cost more than all else of it.
   */
  private final ThreadLocal<@Nullable Object @Nullable []> here = new ThreadLocal<>();

  @Override
  public @Nullable Unit current() {
    @Nullable Object[] cell = here.get();
    Place place = cell == null ? null : (Place) cell[1];
    if (cell == null || place == null) {
      return null;
    }
    while (place != null && place.unit.hasEnded()) {
      // It was ended by another thread, which could not change this one.
      place = place.below;
      cell[1] = place;
    }
    return place == null ? null : place.unit;
  }

  @Override
  public @Nullable Unit currentWith(Unit unit) {
    return current();
  }

  @Override
  public void enter(Unit unit) {
    @Nullable Object[] cell = here.get();
    if (cell == null) {
      cell = new Object[] {Thread.currentThread(), null};
      here.set(cell);
    }
    cell[1] = new Place(unit, (Place) cell[1]);
    unit.enteredAt(cell);
  }

  @Override
  public boolean resume(Unit unit) {
    Unit current = current();
    if (current == unit) {
      return false;
    }
    if (current != null && current != unit.outer()) {
      throw new IllegalStateException(
          "a unit of work of tenant \"%s\" can't go on here: this thread has another one, of tenant \"%s\""
              .formatted(unit.tenant(), current.tenant()));
    }
    enter(unit);
    return true;
  }

  @Override
  public void suspend(Unit unit) {
    leave(unit);
  }

  @Override
  public void leave(Unit unit) {
    @Nullable Object[] cell = unit.enteredAt();
    if (cell == null || cell[0] != Thread.currentThread()) {
      cell = here.get();
    }
    if (cell != null && cell[1] instanceof Place place) {
      cell[1] = place.without(unit);
    }
  }
}
