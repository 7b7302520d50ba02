package dev.headgate.datasource.pool;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's schemas: a search path of one.
 *
 * <p>{@code SET} belongs to the transaction in which it stands, and would be rolled back with it.
 * So it is sent outside of any, for which the driver's auto-commit mode has to change; that alone
 * sends nothing. The driver sees {@code SET … search_path} and {@code DEALLOCATE ALL}, and prepares
 * its statements anew.
 */
final class PostgresDialect implements Dialect {

  /** {@code NAMEDATALEN} less one, in bytes; the server cuts what is longer. */
  private static final int LONGEST = 63;

  /** SQLSTATE "invalid schema name". */
  private static final String INVALID_SCHEMA = "3F000";

  /** What means something else in a search path, quoted or not. */
  private static final Set<String> WORDS = Set.of("$user", "pg_temp");

  /**
   * What {@code DISCARD ALL} does but for plans, which are planned anew for another path. That one
   * can't stand together with other statements. The role first: one that was left there could hide
   * the schema.
   */
  private static final String DISCARD =
      "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; CLOSE ALL; DEALLOCATE ALL; UNLISTEN *;"
          + " DISCARD TEMP; DISCARD SEQUENCES; ";

  /** What the driver sets itself when it connects, and {@code RESET ALL} takes. */
  private static final String DRIVERS_OWN = "SET extra_float_digits TO 3; ";

  @Override
  public boolean accepts(String url) {
    return url.startsWith("jdbc:postgresql:");
  }

  @Override
  public Kind kind() {
    return Kind.SCHEMA;
  }

  @Override
  public @Nullable String objectionTo(String name) {
    if (WORDS.contains(name)) {
      return "in a search path it stands for something else";
    }
    return name.getBytes(StandardCharsets.UTF_8).length > LONGEST
        ? "PostgreSQL has at most %d bytes, and cuts what is longer".formatted(LONGEST)
        : null;
  }

  /** The driver sets the application's name, too. */
  @Override
  public Origin origin(Connection connection) throws SQLException {
    return new Origin(
        null, PostgresDriver.reported("application_name", connection), connection.getAutoCommit());
  }

  @Override
  public boolean lead(Connection connection, @Nullable String name, Origin origin)
      throws SQLException {
    String reached;
    if (connection.getAutoCommit()) {
      if (PostgresDriver.isInTransaction(connection)) {
        // Begun by SQL, behind the driver's back.
        execute("ROLLBACK", connection);
      }
      reached = execute(sql(name, origin), connection);
    } else {
      // Nothing is open, and nothing is sent for it. If it were, it must not be committed.
      connection.rollback();
      connection.setAutoCommit(true);
      reached = execute(sql(name, origin), connection);
      connection.setAutoCommit(false);
    }
    PostgresDriver.forgetNotifications(connection);
    // The server takes any name for a path, also of what is not there.
    if (name != null && !name.equals(reached)) {
      throw new NoSuchPartException(
          "there is no such schema, or the user may not use it (USAGE)", INVALID_SCHEMA, null);
    }
    return true;
  }

  private static String sql(@Nullable String name, Origin origin) {
    StringBuilder sql = new StringBuilder(512).append(DISCARD).append(DRIVERS_OWN);
    if (origin.session() != null) {
      sql.append("SET application_name TO ").append(literal(origin.session())).append("; ");
    }
    return sql.append("SET SESSION search_path TO ")
        .append(name == null ? "DEFAULT" : quoted(name))
        .append("; SELECT current_schema(), pg_advisory_unlock_all()")
        .toString();
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String literal(String text) {
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + '\'';
  }

  /** Returns the first column of the first rows, if there are any. */
  private static @Nullable String execute(String sql, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      boolean rows = statement.execute(sql);
      while (!rows && statement.getUpdateCount() >= 0) {
        rows = statement.getMoreResults();
      }
      if (!rows) {
        return null;
      }
      try (ResultSet answer = statement.getResultSet()) {
        answer.next();
        return answer.getString(1);
      }
    }
  }

  @Override
  public String access(boolean readOnly) {
    return "SET SESSION CHARACTERISTICS AS TRANSACTION READ " + (readOnly ? "ONLY" : "WRITE");
  }

  @Override
  public boolean leadNew(Connection connection, String name, Origin origin) throws SQLException {
    return lead(connection, name, origin);
  }

  @Override
  public boolean isAccessRolledBack() {
    return true;
  }

  /**
   * It begins read-only transactions, unless its option {@code readOnlyMode} says otherwise; in
   * auto-commit mode it begins none.
   */
  @Override
  public boolean seesToReadOnly(Connection connection, boolean autoCommit) throws SQLException {
    return !autoCommit && PostgresDriver.heedsReadOnly(connection);
  }

  /** PostgreSQL tells it since its version 18. */
  @Override
  public @Nullable String reported(Connection connection) throws SQLException {
    return PostgresDriver.reported("search_path", connection);
  }
}
