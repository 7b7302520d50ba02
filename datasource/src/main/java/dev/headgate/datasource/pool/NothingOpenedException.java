package dev.headgate.datasource.pool;

import java.sql.SQLTransientConnectionException;

/** What HikariCP gets when it asks for a connection that no one has opened. */
final class NothingOpenedException extends SQLTransientConnectionException {

  private static final long serialVersionUID = 1L;

  NothingOpenedException() {
    super("connections are opened by their borrowers, and no one has opened one");
  }

  /** Its way is always the same. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
