package dev.headgate.datasource;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A unit of work was to be committed and has been rolled back instead: nothing of the transaction
 * was stored. The cause, where there is one, is the first failure.
 */
public final class RolledBackException extends SQLException {

  private static final long serialVersionUID = 1L;

  /** SQLSTATE "transaction rollback", where the cause has no state of its own. */
  private static final String TRANSACTION_ROLLBACK = "40000";

  RolledBackException(String message, @Nullable Throwable cause) {
    super(message, stateOf(cause), cause);
  }

  private static String stateOf(@Nullable Throwable cause) {
    return cause instanceof SQLException failure && failure.getSQLState() != null
        ? failure.getSQLState()
        : TRANSACTION_ROLLBACK;
  }
}
