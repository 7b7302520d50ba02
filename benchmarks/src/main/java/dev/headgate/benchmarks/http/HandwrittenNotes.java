package dev.headgate.benchmarks.http;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Notes as one writes it by hand: get a connection, try, commit, finally close. */
record HandwrittenNotes(DataSource dataSource) implements Notes {

  @Override
  public List<Note> first() throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      List<Note> notes = Notes.first(connection);
      connection.commit();
      return notes;
    } finally {
      // The pool rolls back what was not committed.
      connection.close();
    }
  }

  @Override
  public void add(String text) throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      Notes.add(connection, text);
      connection.commit();
    } finally {
      connection.close();
    }
  }
}
