package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * In which schema or catalog a physical connection is, over all its borrowers.
 *
 * <p>Used by one thread at a time, the one that has the connection.
 */
final class Whereabouts {

  private enum State {
    /** Nobody has led it anywhere since it was opened, as far as can be seen without looking. */
    AS_OPENED,
    /** It was led somewhere, and is there if nobody has led it away. */
    LED,
    /** Nobody knows where it is. */
    UNKNOWN
  }

  private final Connection connection;
  private final @Nullable Dialect dialect;

  /** What was reported when it was opened. */
  private final @Nullable String initial;

  private State state = State.AS_OPENED;

  /** Where it was led; null for where it was when it was opened. */
  private @Nullable String name;

  /** What was reported after that. */
  private @Nullable String reported;

  Whereabouts(Connection connection, @Nullable Dialect dialect) throws SQLException {
    this.connection = connection;
    this.dialect = dialect;
    this.initial = dialect == null ? null : dialect.reported(connection);
  }

  /**
   * Leads the connection to where the next borrower wants it, unless it is there.
   *
   * @param wanted a name, or null for where it was when it was opened
   * @return false if nothing leads there
   * @throws NoSuchPartException if there is none of that name
   * @throws SQLException if that failed otherwise; the connection is of no use then
   */
  boolean lead(@Nullable String wanted) throws SQLException {
    Dialect used = dialect;
    if (used == null) {
      return wanted == null && state == State.AS_OPENED;
    }
    if (isAt(wanted, used)) {
      return true;
    }
    state = State.UNKNOWN;
    if (!used.lead(connection, wanted, initial)) {
      return false;
    }
    name = wanted;
    reported = used.reported(connection);
    state = State.LED;
    return true;
  }

  private boolean isAt(@Nullable String wanted, Dialect used) throws SQLException {
    if (state == State.AS_OPENED) {
      return wanted == null;
    }
    return state == State.LED
        && Objects.equals(name, wanted)
        && Objects.equals(reported, used.reported(connection));
  }

  /**
   * The application leads the connection to a schema or catalog of its own choice.
   *
   * @return whether the connection can be led away from there
   */
  boolean leave(Dialect.Kind kind) {
    state = State.UNKNOWN;
    return dialect != null && dialect.kind() == kind;
  }

  /**
   * The application has the driver's own connection, and may lead it where it likes. Where nobody
   * tells, a connection that was led somewhere is led there again for the next borrower.
   */
  void doubt() {
    if (state == State.LED && reported == null) {
      state = State.UNKNOWN;
    }
  }
}
