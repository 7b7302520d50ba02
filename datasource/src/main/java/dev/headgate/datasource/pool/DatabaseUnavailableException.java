package dev.headgate.datasource.pool;

import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/**
 * No connection to a database could be had: it could not be reached, or none of its pool's
 * connections became free in time. Nothing was done; trying again later may help.
 */
public class DatabaseUnavailableException extends SQLTransientConnectionException {

  private static final long serialVersionUID = 1L;

  DatabaseUnavailableException(
      String message, @Nullable String sqlState, @Nullable Throwable cause) {
    super(message, sqlState, cause);
  }
}
