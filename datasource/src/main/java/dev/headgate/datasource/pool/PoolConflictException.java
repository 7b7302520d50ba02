package dev.headgate.datasource.pool;

import java.sql.SQLNonTransientConnectionException;

/**
 * A database was asked for with pool settings other than those of its pool that is already there:
 * the same address, the same user and the same driver properties belong to one pool.
 */
public final class PoolConflictException extends SQLNonTransientConnectionException {

  private static final long serialVersionUID = 1L;

  private final transient Database existing;

  PoolConflictException(String message, Database existing) {
    super(message);
    this.existing = existing;
  }

  /** Returns the database of the pool that is there, with all its settings. */
  public Database existing() {
    return existing;
  }
}
