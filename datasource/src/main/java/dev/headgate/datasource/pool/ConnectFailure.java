package dev.headgate.datasource.pool;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What a failure to connect says about whom else it would happen to.
 *
 * @param reason for messages to those of the pool
 * @param common for messages to others of the server: nothing of what a driver says, which may name
 *     one tenant's database or user
 * @param sqlState null if there is none
 */
record ConnectFailure(Reach reach, String reason, String common, @Nullable String sqlState) {

  /** Who would fail, too. */
  enum Reach {
    /** This login or this database: the server has answered, and refuses it. */
    LOGIN,

    /** This pool at least: nobody knows what else. */
    POOL,

    /** This pool, and perhaps the whole server: it is full, is silent, or has broken off. */
    PERHAPS_SERVER,

    /** All of the server: it can't be reached, or starts or stops. */
    SERVER
  }

  /** Chains of exceptions can be circular. */
  private static final int DEPTH = 16;

  /** SQLSTATE of PostgreSQL for too many connections: in all, of a role, or to a database. */
  private static final String TOO_MANY = "53300";

  /** Number of the error of MySQL and MariaDB, whose SQLSTATE means other things, too. */
  private static final int TOO_MANY_OF_MYSQL = 1040;

  /** SQLSTATE: the server has answered, and rejects the connection. */
  private static final String REJECTED = "08004";

  /** Classes of SQLSTATE: invalid authorization, no such database, no right to it. */
  private static final Set<String> REFUSALS = Set.of("28", "3D", "42");

  /** SQLSTATE of PostgreSQL: the database was dropped meanwhile. */
  private static final String DROPPED = "57P04";

  /** SQLSTATE of PostgreSQL: someone has ended this session, or stops the server. */
  private static final String ENDED = "57P01";

  /** SQLSTATEs of PostgreSQL: it has crashed; it starts, stops or recovers. */
  private static final Set<String> NOT_RUNNING = Set.of("57P02", "57P03");

  /** Class of SQLSTATE: connection exception. */
  private static final String CONNECTION = "08";

  /** Whether the server has too many connections, be it of all or of this login. */
  static boolean isFull(SQLException failure) {
    return TOO_MANY.equals(failure.getSQLState()) || failure.getErrorCode() == TOO_MANY_OF_MYSQL;
  }

  /** There was no answer, be it to a connect or on a connection that there was. */
  static ConnectFailure silent(String reason) {
    return new ConnectFailure(Reach.PERHAPS_SERVER, reason, reason, null);
  }

  /**
   * The driver has failed.
   *
   * @param shown the same failure, without secrets
   */
  static ConnectFailure of(Throwable failure, Throwable shown) {
    String state = failure instanceof SQLException sql ? sql.getSQLState() : null;
    return new ConnectFailure(
        reach(failure),
        reason(shown),
        state == null ? "the driver has failed" : "SQLSTATE " + state,
        state);
  }

  /** Returns it as others of the server hear of it. */
  ConnectFailure forOthers() {
    return new ConnectFailure(reach, common, common, sqlState);
  }

  private static Reach reach(Throwable failure) {
    Reach reach = Reach.POOL;
    Throwable next = failure;
    for (int depth = 0; next != null && depth < DEPTH; depth++) {
      if (next instanceof SSLException) {
        // More often the settings of one pool than the server.
        return Reach.POOL;
      }
      if (next instanceof SocketTimeoutException || next instanceof SQLTimeoutException) {
        // As well the one database behind a proxy that answers for the others.
        return Reach.PERHAPS_SERVER;
      }
      if (next instanceof SocketException || next instanceof UnknownHostException) {
        return Reach.SERVER;
      }
      if (reach == Reach.POOL && next instanceof SQLException sql) {
        reach = reachOf(sql);
      }
      next = next.getCause();
    }
    return reach;
  }

  private static Reach reachOf(SQLException failure) {
    String state = failure.getSQLState();
    String stateClass = state == null || state.length() < 2 ? "" : state.substring(0, 2);
    if (isFull(failure)) {
      return Reach.PERHAPS_SERVER;
    }
    if (REFUSALS.contains(stateClass) || REJECTED.equals(state) || DROPPED.equals(state)) {
      return Reach.LOGIN;
    }
    if (state != null && NOT_RUNNING.contains(state)) {
      return Reach.SERVER;
    }
    return CONNECTION.equals(stateClass) || ENDED.equals(state) ? Reach.PERHAPS_SERVER : Reach.POOL;
  }

  /** Returns what a failure says of itself. */
  static String reason(Throwable failure) {
    String message = failure.getMessage();
    return message != null ? message : failure.toString();
  }
}
