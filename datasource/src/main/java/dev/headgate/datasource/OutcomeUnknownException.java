package dev.headgate.datasource;

import java.sql.SQLNonTransientException;

/**
 * The connection broke, or the driver failed, while COMMIT was under way: the transaction was
 * stored as a whole or not at all, and it is not known which. It must not be repeated blindly; look
 * in the database.
 */
public final class OutcomeUnknownException extends SQLNonTransientException {

  private static final long serialVersionUID = 1L;

  /** SQLSTATE "transaction resolution unknown". */
  private static final String RESOLUTION_UNKNOWN = "08007";

  OutcomeUnknownException(String message, Throwable cause) {
    super(message, RESOLUTION_UNKNOWN, cause);
  }
}
