package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The databases of MariaDB and MySQL, which JDBC calls catalogs. They are no part of a transaction.
 *
 * <p>No SQL clears a session there, but a command of the protocol does ({@code
 * COM_RESET_CONNECTION}), and each driver has its own way to send that.
 *
 * <p>It is the driver that has to lead to a catalog, not a {@code USE} of ours: it keeps prepared
 * statements by the catalog in which it believes to be. What the application's own {@code USE} does
 * the server tells with its answer, and MariaDB's driver listens; MySQL's does not.
 */
final class MariaDbDialect implements Dialect {

  /** Of characters, in both. */
  private static final int LONGEST = 64;

  /** {@code ER_DBACCESS_DENIED_ERROR} and {@code ER_BAD_DB_ERROR}. */
  private static final Set<Integer> NOT_THERE = Set.of(1044, 1049);

  @Override
  public boolean accepts(String url) {
    return url.startsWith("jdbc:mariadb:") || url.startsWith("jdbc:mysql:");
  }

  @Override
  public Kind kind() {
    return Kind.CATALOG;
  }

  @Override
  public @Nullable String objectionTo(String name) {
    if (name.indexOf('`') >= 0) {
      // MySQL's driver takes a name between two of them for one that is quoted already.
      return "drivers do not agree on how to quote the character `";
    }
    return name.codePointCount(0, name.length()) > LONGEST
        ? "MariaDB and MySQL have at most %d characters".formatted(LONGEST)
        : null;
  }

  @Override
  public Origin origin(Connection connection) throws SQLException {
    return new Origin(
        connection.getCatalog(), MariaDbDriver.session(connection), connection.getAutoCommit());
  }

  @Override
  public boolean lead(Connection connection, @Nullable String name, Origin origin)
      throws SQLException {
    String to = name == null ? origin.place() : name;
    if (to == null && connection.getCatalog() != null) {
      // A connection without a catalog can't be had again.
      return false;
    }
    try {
      if (!MariaDbDriver.reset(connection, to, origin)
          && !MySqlDriver.reset(connection, to, origin.autoCommit())) {
        return false;
      }
    } catch (SQLException e) {
      throw explained(e);
    }
    if (to != null) {
      requireReached(to, connection);
    }
    return true;
  }

  /** Where nothing can be cleared, each connection can serve one tenant all the same. */
  @Override
  public boolean leadNew(Connection connection, String name, Origin origin) throws SQLException {
    try {
      connection.setCatalog(name);
    } catch (SQLException e) {
      throw explained(e);
    }
    requireReached(name, connection);
    return true;
  }

  private static SQLException explained(SQLException failure) {
    return NOT_THERE.contains(failure.getErrorCode())
        ? new NoSuchPartException(
            String.valueOf(failure.getMessage()), failure.getSQLState(), failure)
        : failure;
  }

  private static void requireReached(String to, Connection connection) throws SQLException {
    String reached = connection.getCatalog();
    // The server may have its names in small letters.
    if (!to.equalsIgnoreCase(reached)) {
      throw new SQLException(
          "the driver was told to go to catalog \"%s\" and is in %s; does the URL say that a catalog is a schema?"
              .formatted(to, reached));
    }
  }

  @Override
  public String access(boolean readOnly) {
    return "SET SESSION TRANSACTION READ " + (readOnly ? "ONLY" : "WRITE");
  }

  @Override
  public boolean isAccessRolledBack() {
    return false;
  }

  /** MariaDB's does not, unless an option of the URL says so. */
  @Override
  public boolean seesToReadOnly(Connection connection, boolean autoCommit) {
    return false;
  }

  @Override
  public @Nullable String reported(Connection connection) throws SQLException {
    return connection.getCatalog();
  }
}
