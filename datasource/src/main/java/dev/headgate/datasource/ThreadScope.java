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

  private final ThreadLocal<@Nullable Place> top = new ThreadLocal<>();

  @Override
  public @Nullable Unit current() {
    Place place = top.get();
    while (place != null && place.unit.hasEnded()) {
      // It was ended by another thread, which could not change this one.
      place = place.below;
      set(place);
    }
    return place == null ? null : place.unit;
  }

  @Override
  public @Nullable Unit currentWith(Unit unit) {
    return current();
  }

  @Override
  public void enter(Unit unit) {
    set(new Place(unit, top.get()));
  }

  @Override
  public boolean resume(Unit unit) {
    Unit here = current();
    if (here == unit) {
      return false;
    }
    if (here != null && here != unit.outer()) {
      throw new IllegalStateException(
          "a unit of work of tenant \"%s\" can't go on here: this thread has another one, of tenant \"%s\""
              .formatted(unit.tenant(), here.tenant()));
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
    Place place = top.get();
    if (place != null) {
      set(place.without(unit));
    }
  }

  private void set(@Nullable Place place) {
    if (place == null) {
      top.remove();
    } else {
      top.set(place);
    }
  }
}
