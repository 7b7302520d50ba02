package dev.headgate.datasource;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Binds the current unit of work to a key of the application's, and to the thread where none is.
 */
final class KeyedScope implements Scope {

  private final Supplier<? extends @Nullable Object> key;
  private final Scope withoutKey = new ThreadScope();
  private final ConcurrentMap<Object, Unit> units = new ConcurrentHashMap<>();

  KeyedScope(Supplier<? extends @Nullable Object> key) {
    this.key = key;
  }

  @Override
  public @Nullable Unit current() {
    return currentAt(key.get());
  }

  @Override
  public @Nullable Unit currentWith(Unit unit) {
    return currentAt(unit.boundTo());
  }

  private @Nullable Unit currentAt(@Nullable Object place) {
    if (place == null) {
      return withoutKey.current();
    }
    Unit unit = units.get(place);
    while (unit != null && unit.hasEnded()) {
      // It was the outer one of another that has ended since.
      leave(unit);
      unit = units.get(place);
    }
    return unit;
  }

  @Override
  public void enter(Unit unit) {
    Object here = key.get();
    if (here == null) {
      withoutKey.enter(unit);
    } else {
      unit.boundTo(here);
      units.put(here, unit);
    }
  }

  @Override
  public boolean resume(Unit unit) {
    if (unit.boundTo() == null) {
      return withoutKey.resume(unit);
    }
    if (current() != unit) {
      throw new IllegalStateException(
          "the unit of work of tenant \"%s\" is bound to a key of the data source's scope, which is not the key here"
              .formatted(unit.tenant()));
    }
    return false;
  }

  /** What is bound to a key stays so: who has the key has the unit. */
  @Override
  public void suspend(Unit unit) {
    if (unit.boundTo() == null) {
      withoutKey.suspend(unit);
    }
  }

  @Override
  public void leave(Unit unit) {
    Object there = unit.boundTo();
    if (there == null) {
      withoutKey.leave(unit);
    } else {
      Unit outer = unit.outer();
      while (outer != null && outer.hasEnded()) {
        outer = outer.outer();
      }
      Unit next = outer;
      units.computeIfPresent(there, (same, current) -> current != unit ? current : next);
    }
  }
}
