package dev.headgate.datasource.pool;

import java.sql.SQLNonTransientConnectionException;

/** No JDBC driver on the class path accepts a database's URL. */
public final class DriverNotFoundException extends SQLNonTransientConnectionException {

  private static final long serialVersionUID = 1L;

  DriverNotFoundException(String message) {
    super(message);
  }
}
