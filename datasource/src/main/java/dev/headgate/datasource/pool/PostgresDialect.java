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
 * sends nothing. The driver sees the words {@code SET … search_path} and prepares its statements
 * anew; the server, too, plans a prepared statement anew if it was for another path.
 */
final class PostgresDialect implements Dialect {

  /** {@code NAMEDATALEN} less one, in bytes; the server cuts what is longer. */
  private static final int LONGEST = 63;

  /** SQLSTATE "invalid schema name". */
  private static final String INVALID_SCHEMA = "3F000";

  /** What means something else in a search path, quoted or not. */
  private static final Set<String> WORDS = Set.of("$user", "pg_temp");

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

  @Override
  public boolean lead(Connection connection, @Nullable String name, @Nullable String initial)
      throws SQLException {
    // The role first: one that was left there could hide the schema. The path by DEFAULT, not by
    // RESET: the driver's eye is on the word SET. RESET ALL would take the driver's own settings.
    String sql =
        "RESET ROLE; SET SESSION search_path TO %s; DISCARD TEMP; SELECT current_schema(), pg_advisory_unlock_all()"
            .formatted(name == null ? "DEFAULT" : quoted(name));
    String reached;
    if (connection.getAutoCommit()) {
      reached = send(sql, connection);
    } else {
      // Nothing is open, and nothing is sent for it. If it were, it must not be committed.
      connection.rollback();
      connection.setAutoCommit(true);
      reached = send(sql, connection);
      connection.setAutoCommit(false);
    }
    // The server takes any name for a path, also of what is not there.
    if (name != null && !name.equals(reached)) {
      throw new NoSuchPartException(
          "there is no such schema, or the user may not use it (USAGE)", INVALID_SCHEMA, null);
    }
    return true;
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static @Nullable String send(String sql, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      boolean rows = statement.execute(sql);
      while (!rows && statement.getUpdateCount() >= 0) {
        rows = statement.getMoreResults();
      }
      try (ResultSet answer = statement.getResultSet()) {
        answer.next();
        return answer.getString(1);
      }
    }
  }

  /** PostgreSQL tells it since its version 18. */
  @Override
  public @Nullable String reported(Connection connection) throws SQLException {
    return ReportedSettings.get("search_path", connection);
  }
}
