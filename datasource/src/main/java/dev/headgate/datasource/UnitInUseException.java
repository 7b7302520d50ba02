package dev.headgate.datasource;

import java.sql.SQLNonTransientException;

/**
 * A thread has used a unit of work that another thread has, or one of its connections: they are for
 * one thread at a time. Nothing was sent to the database.
 */
public final class UnitInUseException extends SQLNonTransientException {

  private static final long serialVersionUID = 1L;

  /** SQLSTATE "invalid transaction state". */
  private static final String INVALID_STATE = "25000";

  UnitInUseException(TenantId tenant, Turn turn) {
    super(
        ("the unit of work of tenant \"%s\" is in use by %s, and this is thread \"%s\": give it to"
                + " this one by UnitOfWork.handOver(task), or do the work in a unit of its own, by"
                + " RoutingDataSource.wrap(task)")
            .formatted(tenant, turn.owner(), Thread.currentThread().getName()),
        INVALID_STATE);
  }
}
