package dev.headgate.frameworks.suite;

import java.sql.Connection;
import java.sql.SQLException;

/** What H2 has in place of stored procedures: static methods. */
public final class H2Procedures {

  private H2Procedures() {}

  /** Adds a note, in the transaction of the caller. */
  public static void addNote(Connection connection, String body) throws SQLException {
    try (var insert = connection.prepareStatement("INSERT INTO note (body) VALUES (?)")) {
      insert.setString(1, body);
      insert.executeUpdate();
    }
  }
}
