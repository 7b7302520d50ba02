package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * In which schema or catalog a physical connection is, and for whom it was used there, over all its
 * borrowers.
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
  private final Reset reset;

  /** What it was when it was opened; null without a dialect. */
  private final Dialect.@Nullable Origin origin;

  private State state = State.AS_OPENED;

  /** Where it was led; null for where it was when it was opened. */
  private @Nullable String name;

  /** What was reported after that. */
  private @Nullable String reported;

  /** Whether anyone has had it since it was opened. */
  private boolean used;

  /** Who had it last; null for someone without a name. */
  private @Nullable String user;

  /** Whether something was set in the session that is for nobody but its last borrower. */
  private boolean soiled;

  /** Whether the session was told to refuse writes. */
  private boolean refusesWrites;

  /** Whether its user had the driver's own connection, whose state no reset gets back. */
  private boolean outOfSight;

  Whereabouts(Connection connection, @Nullable Dialect dialect, Reset reset) throws SQLException {
    this.connection = connection;
    this.dialect = dialect;
    this.reset = reset;
    this.origin = dialect == null ? null : dialect.origin(connection);
  }

  /** Returns whether nobody has had it since it was opened. */
  boolean isNew() {
    return !used;
  }

  /**
   * Leads the connection to where the next borrower wants it, unless it is there, with nothing in
   * its session of whoever had it before, unless it is the same.
   *
   * @param wanted a name, or null for where it was when it was opened
   * @param whom for whom; null for someone without a name
   * @return false if nothing leads there
   * @throws NoSuchPartException if there is none of that name
   * @throws SQLException if that failed otherwise; the connection is of no use then
   */
  boolean lead(@Nullable String wanted, @Nullable String whom) throws SQLException {
    boolean isNew = !used;
    boolean same = isNew || (!soiled && isStillHis(whom));
    if (isNew) {
      used = true;
      user = whom;
    }
    Dialect led = dialect;
    if (led == null || origin == null) {
      return same && wanted == null && state == State.AS_OPENED;
    }
    if (same && isAt(wanted, led)) {
      return true;
    }
    if (outOfSight && !(isStillHis(whom) && Objects.equals(name, wanted))) {
      return false;
    }
    state = State.UNKNOWN;
    boolean done =
        (isNew && wanted != null)
            ? led.leadNew(connection, wanted, origin)
            : led.lead(connection, wanted, origin);
    if (!done) {
      return false;
    }
    user = whom;
    soiled = false;
    refusesWrites = false;
    name = wanted;
    reported = led.reported(connection);
    state = State.LED;
    return true;
  }

  /** Returns whether someone may find what was left in the session. */
  private boolean isStillHis(@Nullable String whom) {
    return reset == Reset.TENANT ? Objects.equals(user, whom) : reset == Reset.SCHEMA;
  }

  private boolean isAt(@Nullable String wanted, Dialect led) throws SQLException {
    if (state == State.AS_OPENED) {
      return wanted == null;
    }
    return state == State.LED
        && Objects.equals(name, wanted)
        && Objects.equals(reported, led.reported(connection));
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

  /** Whether the driver itself has the server refuse writes, after it was told to read only. */
  boolean seesToReadOnly(boolean autoCommit) throws SQLException {
    return dialect != null && dialect.seesToReadOnly(connection, autoCommit);
  }

  boolean refusesWrites() {
    return refusesWrites;
  }

  /**
   * The session is told to refuse writes, or to take them again, by its borrower; it has to be
   * cleared before the next one, whoever that is.
   */
  void refuseWrites(boolean refuse) {
    soiled = true;
    refusesWrites = refuse;
  }

  @Nullable Dialect dialect() {
    return dialect;
  }

  /**
   * The application has the driver's own connection, and may lead it where it likes. Where nobody
   * tells, a connection that was led somewhere is led there again for the next borrower.
   */
  void doubt() {
    outOfSight = true;
    if (state == State.LED && reported == null) {
      state = State.UNKNOWN;
    }
  }
}
