package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * H2's schemas, which are a setting of its session. A session can't be cleared, but asked what is
 * in it; one that has become another one is not used again.
 */
final class H2Dialect implements Dialect {

  /** {@code Constants.MAX_IDENTIFIER_LENGTH}. */
  private static final int LONGEST = 256;

  /** {@code ErrorCode.SCHEMA_NOT_FOUND_1}. */
  private static final int SCHEMA_NOT_FOUND = 90079;

  /** Variables, local temporary tables, search path and time zone; settings; isolation. */
  private static final String SESSION =
      """
      SELECT COALESCE((SELECT LISTAGG(STATE_COMMAND, '; ') WITHIN GROUP (ORDER BY STATE_KEY)
              FROM INFORMATION_SCHEMA.SESSION_STATE WHERE STATE_KEY <> 'SCHEMA'), '')
          || COALESCE((SELECT LISTAGG(SETTING_NAME || ' ' || SETTING_VALUE, '; ')
                  WITHIN GROUP (ORDER BY SETTING_NAME)
              FROM INFORMATION_SCHEMA.SETTINGS
              WHERE SETTING_NAME IN ('QUERY_TIMEOUT', 'TRUNCATE_LARGE_LENGTH', 'VARIABLE_BINARY',
                  'OLD_INFORMATION_SCHEMA', 'NON_KEYWORDS')), '')
          || LOCK_TIMEOUT()
          || COALESCE((SELECT ISOLATION_LEVEL FROM INFORMATION_SCHEMA.SESSIONS
              WHERE SESSION_ID = SESSION_ID()), '')
      """;

  @Override
  public boolean accepts(String url) {
    return url.startsWith("jdbc:h2:");
  }

  @Override
  public Kind kind() {
    return Kind.SCHEMA;
  }

  @Override
  public @Nullable String objectionTo(String name) {
    return name.length() > LONGEST ? "H2 has at most %d characters".formatted(LONGEST) : null;
  }

  @Override
  public Origin origin(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    String session;
    try {
      session = ask(SESSION, connection);
    } catch (SQLException e) {
      // Older than its version 2.
      session = null;
    }
    if (!autoCommit) {
      connection.rollback();
    }
    return new Origin(connection.getSchema(), session, autoCommit);
  }

  /** Asks and leads in one command; in which schema it asks makes no difference. */
  @Override
  public boolean lead(Connection connection, @Nullable String name, Origin origin)
      throws SQLException {
    if (connection.getAutoCommit() != origin.autoCommit()) {
      // By SQL, and a transaction may be open.
      connection.rollback();
      connection.setAutoCommit(origin.autoCommit());
    }
    String schema = name == null ? origin.place() : name;
    if (origin.session() == null || schema == null) {
      return false;
    }
    try {
      String session = ask(SESSION + "; SET SCHEMA " + quoted(schema), connection);
      if (!origin.autoCommit()) {
        connection.rollback();
      }
      return origin.session().equals(session);
    } catch (SQLException e) {
      throw e.getErrorCode() == SCHEMA_NOT_FOUND
          ? new NoSuchPartException(String.valueOf(e.getMessage()), e.getSQLState(), e)
          : e;
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static @Nullable String ask(String sql, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet answer = statement.executeQuery(sql)) {
        answer.next();
        return answer.getString(1);
      }
    }
  }

  @Override
  public @Nullable String access(boolean readOnly) {
    return null;
  }

  @Override
  public boolean leadNew(Connection connection, String name, Origin origin) throws SQLException {
    return lead(connection, name, origin);
  }

  @Override
  public boolean isAccessRolledBack() {
    return false;
  }

  @Override
  public boolean seesToReadOnly(Connection connection, boolean autoCommit) {
    return false;
  }

  @Override
  public @Nullable String reported(Connection connection) throws SQLException {
    return connection.getSchema();
  }
}
