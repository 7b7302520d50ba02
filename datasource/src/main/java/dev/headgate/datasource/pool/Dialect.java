package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the connections of a driver are led into a schema or a catalog. JDBC has a method for each of
 * the two; what they do, and what that costs, differs too much.
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

  /**
   * Leads a connection into the schema or catalog of a name, in one round trip, with what has to be
   * cleared away of the tenant before. No transaction is open then.
   *
   * @param name null for where the connection was when it was opened
   * @param initial what {@link #reported} was then
   * @return false if nothing leads there
   * @throws NoSuchPartException if the server has none of that name
   * @throws SQLException if it failed otherwise; no one knows then what has become of the
   *     connection
   */
  boolean lead(Connection connection, @Nullable String name, @Nullable String initial)
      throws SQLException;

  /**
   * Returns where a connection is, as the server has told without being asked; null if it does not.
   */
  @Nullable String reported(Connection connection) throws SQLException;
}
