package dev.headgate.datasource.pool;

import java.sql.SQLNonTransientConnectionException;

/** A database was asked for whose pool may become larger than the budget of its server. */
public final class PoolTooLargeException extends SQLNonTransientConnectionException {

  private static final long serialVersionUID = 1L;

  PoolTooLargeException(String message) {
    super(message);
  }
}
