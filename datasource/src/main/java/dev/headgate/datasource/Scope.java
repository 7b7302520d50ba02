package dev.headgate.datasource;

import org.jspecify.annotations.Nullable;

/** What the current unit of work is bound to. */
interface Scope {

  /** Returns the current unit here, if there is one that has not ended. */
  @Nullable Unit current();

  /** Returns the current unit where another one is bound: that one itself, or one inside it. */
  @Nullable Unit currentWith(Unit unit);

  /** Makes a unit the current one here. */
  void enter(Unit unit);

  /**
   * Makes a unit that was suspended the current one here; returns false if it is already.
   *
   * @throws IllegalStateException if it can't be, since another one is current or has the place
   */
  boolean resume(Unit unit);

  /** The unit is not the current one here any more, until it is resumed. */
  void suspend(Unit unit);

  /** The unit is not the current one any more; the one before it is, if that has not left. */
  void leave(Unit unit);
}
