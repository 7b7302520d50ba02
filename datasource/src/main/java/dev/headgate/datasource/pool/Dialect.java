package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the connections of a driver are led into a schema or a catalog, and back to what they were
 * when they were opened. JDBC has a method for each of the first two and none for the last; what
 * there is, and what that costs, differs too much.
 */
interface Dialect {

  /** What a driver calls the part of a database that a connection works in. */
  enum Kind {
    SCHEMA("schema"),
    CATALOG("catalog");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * What a connection was when it was opened, as far as that has to be known to get back there.
   *
   * @param place the schema or catalog; null if there was none, or it need not be known
   * @param session of the session's settings; null if nothing need be known, or can't be
   * @param autoCommit the mode in which it lies in the pool
   */
  record Origin(@Nullable String place, @Nullable String session, boolean autoCommit) {}

  /** Those that there are; the URL of a wrapper around one of these drivers is none of theirs. */
  List<Dialect> ALL = List.of(new PostgresDialect(), new H2Dialect(), new MariaDbDialect());

  /** Returns that of the driver with this URL, or null where nobody knows. */
  static @Nullable Dialect of(String url) {
    for (Dialect dialect : ALL) {
      if (dialect.accepts(url)) {
        return dialect;
      }
    }
    return null;
  }

  boolean accepts(String url);

  /** Returns what connections are led into. */
  Kind kind();

  /** Returns why there can be none of this name, or null if there can. */
  @Nullable String objectionTo(String name);

  /** Returns what a connection is that was just opened. */
  Origin origin(Connection connection) throws SQLException;

  /**
   * Leads a connection into the schema or catalog of a name, with a session as it was when it was
   * opened: in one round trip, where the driver lets us. What was open is rolled back.
   *
   * @param name null for where the connection was when it was opened
   * @param origin what it was then
   * @return false if nothing leads there, or the session can't be what it was
   * @throws NoSuchPartException if the server has none of that name
   * @throws SQLException if it failed otherwise; no one knows then what has become of the
   *     connection
   */
  boolean lead(Connection connection, @Nullable String name, Origin origin) throws SQLException;

  /**
   * Leads a connection that nobody has had, in whose session nothing need be cleared. Otherwise as
   * {@link #lead}.
   */
  boolean leadNew(Connection connection, String name, Origin origin) throws SQLException;

  /**
   * Returns the SQL that has a session refuse writes from its next transaction on, or take them
   * again; null if nothing does it.
   */
  @Nullable String access(boolean readOnly);

  /** Whether what {@link #access} sets in a transaction is rolled back with it. */
  boolean isAccessRolledBack();

  /**
   * Whether the driver by itself has the server refuse writes on a connection of this mode, which
   * was set to read-only.
   */
  boolean seesToReadOnly(Connection connection, boolean autoCommit) throws SQLException;

  /**
   * Returns where a connection is, as the server has told without being asked; null if it does not.
   */
  @Nullable String reported(Connection connection) throws SQLException;
}
