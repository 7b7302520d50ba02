package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** H2's schemas. The driver quotes nothing and sends nothing: they are a setting of its session. */
final class H2Dialect implements Dialect {

  /** {@code Constants.MAX_IDENTIFIER_LENGTH}. */
  private static final int LONGEST = 256;

  /** {@code ErrorCode.SCHEMA_NOT_FOUND_1}. */
  private static final int SCHEMA_NOT_FOUND = 90079;

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
  public boolean lead(Connection connection, @Nullable String name, @Nullable String initial)
      throws SQLException {
    try {
      connection.setSchema(name == null ? initial : name);
      return true;
    } catch (SQLException e) {
      throw e.getErrorCode() == SCHEMA_NOT_FOUND
          ? new NoSuchPartException(String.valueOf(e.getMessage()), e.getSQLState(), e)
          : e;
    }
  }

  @Override
  public @Nullable String reported(Connection connection) throws SQLException {
    return connection.getSchema();
  }
}
