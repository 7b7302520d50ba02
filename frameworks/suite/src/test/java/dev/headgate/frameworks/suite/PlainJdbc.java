package dev.headgate.frameworks.suite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** JDBC, with transactions by {@code setAutoCommit(false)}. */
final class PlainJdbc implements Framework {

  private final DataSource dataSource;

  PlainJdbc(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  @Override
  public void add(String body) throws SQLException {
    // snippet
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO note (body) VALUES (?)")) {
        insert.setString(1, body);
        insert.executeUpdate();
      }
      connection.commit();
    }
    // end of snippet
  }

  private static void insert(Connection connection, String body) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO note (body) VALUES (?)")) {
      insert.setString(1, body);
      insert.executeUpdate();
    }
  }

  @Override
  public List<String> bodies() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return bodies(connection);
    }
  }

  private static List<String> bodies(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet notes = statement.executeQuery("SELECT body FROM note ORDER BY id")) {
      List<String> bodies = new ArrayList<>();
      while (notes.next()) {
        bodies.add(notes.getString(1));
      }
      return bodies;
    }
  }

  @Override
  public void addAndRollBack(String body) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      insert(connection, body);
      connection.rollback();
    }
  }

  @Override
  public void leaveOpen(String body) throws SQLException {
    Connection connection = dataSource.getConnection();
    connection.setAutoCommit(false);
    insert(connection, body);
  }

  @Override
  public void changeAll() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      List<String> bodies = bodies(connection);
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE note SET body = ? WHERE body = ?")) {
        for (String body : bodies) {
          update.setString(1, body + "!");
          update.setString(2, body);
          update.addBatch();
        }
        update.executeBatch();
      }
      connection.commit();
    }
  }

  @Override
  public void stream(Consumer<String> each) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(FETCH_SIZE);
        try (ResultSet notes = statement.executeQuery("SELECT body FROM note ORDER BY id")) {
          while (notes.next()) {
            each.accept(notes.getString(1));
          }
        }
      }
      connection.commit();
    }
  }

  @Override
  public long number(String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      answer.next();
      return answer.getLong(1);
    }
  }
}
