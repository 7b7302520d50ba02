package dev.headgate.datasource;

import java.sql.SQLException;
import java.util.Objects;

/** An {@link SQLException} where none can be thrown, such as in a {@link Runnable}. */
public final class UncheckedSQLException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UncheckedSQLException(SQLException cause) {
    super(cause.getMessage(), cause);
  }

  @Override
  public synchronized SQLException getCause() {
    return (SQLException) Objects.requireNonNull(super.getCause());
  }
}
