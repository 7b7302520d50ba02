package dev.headgate.benchmarks.http;

import dev.headgate.datasource.RoutingDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Notes in the request's unit of work: the filter commits. */
record UnitOfWorkNotes(RoutingDataSource dataSource) implements Notes {

  @Override
  public List<Note> first() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return Notes.first(connection);
    }
  }

  @Override
  public void add(String text) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      Notes.add(connection, text);
    }
  }
}
