package dev.headgate.datasource;

import java.sql.SQLNonTransientConnectionException;

/** A connection was asked for where there is no unit of work, and so no tenant. */
public final class NoUnitOfWorkException extends SQLNonTransientConnectionException {

  private static final long serialVersionUID = 1L;

  NoUnitOfWorkException() {
    super(
        "there is no unit of work here, and so no tenant: map the UnitOfWorkFilter to this request,"
            + " in front of the filters that use the database; use begin(tenant) or call(tenant, …)"
            + " outside of requests, wrap(…) for tasks on other threads, or forTenant(tenant) for"
            + " migrations");
  }
}
