package dev.headgate.benchmarks.http;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Where notes are: says how a connection is had, and who commits. */
interface Notes {

  List<Note> first() throws SQLException;

  void add(String text) throws SQLException;

  /**
   * Returns the first notes by id. The example reads all; here writing would make reading slower
   * and slower.
   */
  static List<Note> first(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT id, body FROM note ORDER BY id LIMIT 20");
        ResultSet rows = select.executeQuery()) {
      List<Note> notes = new ArrayList<>();
      while (rows.next()) {
        notes.add(new Note(rows.getLong(1), rows.getString(2)));
      }
      return notes;
    }
  }

  /** Adds a note, and returns its id, as the example does. */
  static long add(Connection connection, String text) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO note (body) VALUES (?)", new String[] {"id"})) {
      insert.setString(1, text);
      insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        keys.next();
        return keys.getLong(1);
      }
    }
  }
}
