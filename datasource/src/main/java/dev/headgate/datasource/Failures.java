package dev.headgate.datasource;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransactionRollbackException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an exception of a driver says about the transaction in which it was thrown. */
final class Failures {

  /** Chains of exceptions can be circular. */
  private static final int DEPTH = 16;

  /** SQLSTATE "statement completion unknown", though of the class "transaction rollback". */
  private static final String COMPLETION_UNKNOWN = "40003";

  /**
   * Classes of SQLSTATE that a server answers to COMMIT after it has rolled back: cardinality,
   * data, integrity, transaction state, triggered data change, transaction rollback, access rule,
   * check option, PL/pgSQL's RAISE, and lack of resources.
   */
  private static final Set<String> REFUSALS =
      Set.of("09", "21", "22", "23", "25", "27", "40", "42", "44", "P0", "53");

  private Failures() {}

  /** Returns whether the database has rolled the whole transaction back (SQLSTATE class 40). */
  static boolean isTransactionLost(Throwable failure) {
    Throwable next = failure;
    for (int i = 0; next != null && i < DEPTH; i++) {
      if (next instanceof SQLTransactionRollbackException || stateClass(next).equals("40")) {
        return true;
      }
      next = following(next);
    }
    return false;
  }

  /** Returns whether the database reports one of these numbers, without a SQLSTATE of its own. */
  static boolean hasCode(Throwable failure, Set<Integer> codes) {
    Throwable next = failure;
    for (int i = 0; next != null && i < DEPTH; i++) {
      if (next instanceof SQLException sql
          && "HY000".equals(sql.getSQLState())
          && codes.contains(sql.getErrorCode())) {
        return true;
      }
      next = following(next);
    }
    return false;
  }

  /**
   * Returns whether the server itself has refused COMMIT, so that the transaction is known to be
   * rolled back. Everything else, from a broken connection to an error within the driver, leaves
   * that open.
   */
  static boolean isRefusedByServer(Throwable failure) {
    return failure instanceof SQLException sql
        && !(sql instanceof SQLRecoverableException)
        && !(sql instanceof SQLNonTransientConnectionException)
        && !COMPLETION_UNKNOWN.equals(sql.getSQLState())
        && REFUSALS.contains(stateClass(sql));
  }

  private static String stateClass(Throwable failure) {
    String state = failure instanceof SQLException sql ? sql.getSQLState() : null;
    return state != null && state.length() >= 2 ? state.substring(0, 2) : "";
  }

  private static @Nullable Throwable following(Throwable failure) {
    SQLException next = failure instanceof SQLException sql ? sql.getNextException() : null;
    return next != null ? next : failure.getCause();
  }

  /** Throws a failure that was collected, if there was one. */
  static void rethrow(@Nullable Throwable failure) throws SQLException {
    if (failure instanceof SQLException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /** Adds a later failure to the first one, which survives; returns the first. */
  static Throwable combine(@Nullable Throwable first, Throwable later) {
    if (first == null || first == later) {
      return later;
    }
    first.addSuppressed(later);
    return first;
  }
}
