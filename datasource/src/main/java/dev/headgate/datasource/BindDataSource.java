package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;

/** The connections of units of work to the database of a bind. */
final class BindDataSource extends BasicDataSource {

  private final Units units;
  private final Route route;

  BindDataSource(Units units, Route route) {
    this.units = units;
    this.route = route;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return units.connection(route);
  }

  @Override
  public String toString() {
    return Route.describe(route.bind());
  }
}
