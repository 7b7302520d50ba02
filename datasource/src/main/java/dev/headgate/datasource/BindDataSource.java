package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;

/** The connections of units of work to the database of a bind. */
final class BindDataSource extends BasicDataSource {

  private final RoutingDataSource source;
  private final Route route;

  BindDataSource(RoutingDataSource source, Route route) {
    this.source = source;
    this.route = route;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return source.connection(route);
  }

  @Override
  public String toString() {
    return Route.describe(route.bind()) + " of " + source;
  }
}
