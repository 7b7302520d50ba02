package dev.headgate.hibernate;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** The current unit of work, where there may be none. */
final class Current {

  private Current() {}

  static @Nullable UnitOfWork unit(RoutingDataSource dataSource) {
    try {
      return dataSource.current();
    } catch (IllegalStateException none) {
      return null;
    }
  }
}
