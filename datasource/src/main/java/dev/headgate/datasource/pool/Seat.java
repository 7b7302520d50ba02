package dev.headgate.datasource.pool;

import org.jspecify.annotations.Nullable;

/**
 * The right to a connection of a pool.
 *
 * @param isOpen whether there is an idle connection for it; otherwise one may be opened
 * @param attempt at opening it, if its server has a budget
 * @param displaced the connection to close before, whose place in the budget the new one takes
 */
record Seat(
    boolean isOpen,
    ConnectLimit.@Nullable Attempt attempt,
    @Nullable PhysicalConnection displaced) {

  static final Seat IDLE = new Seat(true, null, null);
}
