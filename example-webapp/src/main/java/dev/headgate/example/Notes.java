package dev.headgate.example;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.ServletContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The notes of the current tenant, which is the one of the request's unit of work. Nothing here
 * names a tenant, commits or rolls back: the filter does.
 */
final class Notes {

  private final RoutingDataSource dataSource;
  private final Schema schema;

  private Notes(RoutingDataSource dataSource) {
    this.dataSource = dataSource;
    this.schema = new Schema(dataSource);
  }

  /** Returns the one object of a web application, whose requests may come at the same time. */
  static synchronized Notes of(ServletContext context) {
    Notes notes = (Notes) context.getAttribute(Notes.class.getName());
    if (notes == null) {
      notes = new Notes(UnitOfWorkFilter.dataSource(context));
      context.setAttribute(Notes.class.getName(), notes);
    }
    return notes;
  }

  /** Returns the name of the tenant whose notes these are. */
  String tenant() {
    return dataSource.current().tenant().value();
  }

  /** Returns all notes by id. */
  List<Note> all() throws SQLException {
    try (Connection connection = connection();
        PreparedStatement select =
            connection.prepareStatement("SELECT id, body FROM note ORDER BY id");
        ResultSet rows = select.executeQuery()) {
      List<Note> notes = new ArrayList<>();
      while (rows.next()) {
        notes.add(new Note(rows.getLong(1), rows.getString(2)));
      }
      return notes;
    }
  }

  /** Adds a note. */
  void add(String text) throws SQLException {
    try (Connection connection = connection()) {
      insert(connection, text);
    }
  }

  /** Adds a note, then another one with the same id, and goes on as if that were nothing. */
  void addAndSwallowDuplicate(String text) throws SQLException {
    try (Connection connection = connection()) {
      long id = insert(connection, text);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO note (id, body) VALUES (?, ?)")) {
        insert.setLong(1, id);
        insert.setString(2, text);
        insert.executeUpdate();
      } catch (SQLException e) {
        // What a careless application does, and what Headgate must not report as committed.
      }
    }
  }

  /**
   * Adds a note, and a reference to one that does not exist, for which COMMIT will fail.
   *
   * @throws BadRequestException if the tenant's database checks nothing at COMMIT
   */
  void addAndBreakCommit(String text) throws SQLException, BadRequestException {
    try (Connection connection = connection()) {
      if (!Schema.hasDeferredConstraints(connection)) {
        throw new BadRequestException(
            "fail=commit needs a database with constraints that are checked at COMMIT, such as"
                + " PostgreSQL; %s has none."
                    .formatted(connection.getMetaData().getDatabaseProductName()));
      }
      insert(connection, text);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO note_reference (note_id) VALUES (-1)")) {
        insert.executeUpdate();
      }
    }
  }

  private Connection connection() throws SQLException {
    schema.ensure(dataSource.current());
    return dataSource.getConnection();
  }

  private static long insert(Connection connection, String text) throws SQLException {
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
