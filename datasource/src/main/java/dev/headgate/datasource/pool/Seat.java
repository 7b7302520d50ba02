package dev.headgate.datasource.pool;

import org.jspecify.annotations.Nullable;

/**
 * The right to a connection of a pool.
 *
 * @param isOpen whether there is an idle connection for it; otherwise one may be opened
 * @param displaced the connection to close before, whose place in the budget the new one takes
 */
record Seat(boolean isOpen, @Nullable PhysicalConnection displaced) {

  static final Seat IDLE = new Seat(true, null);
  static final Seat NEW = new Seat(false, null);

  static Seat inPlaceOf(PhysicalConnection displaced) {
    return new Seat(false, displaced);
  }
}
