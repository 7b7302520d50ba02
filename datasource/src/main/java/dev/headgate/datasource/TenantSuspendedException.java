package dev.headgate.datasource;

import java.sql.SQLTransientException;

/** A tenant is suspended for now, by the application or the directory, so that nothing begins. */
public final class TenantSuspendedException extends SQLTransientException {

  private static final long serialVersionUID = 1L;

  private final TenantId tenant;
  private final String reason;

  TenantSuspendedException(TenantId tenant, String reason) {
    super("tenant \"%s\" is suspended for now: %s".formatted(tenant, reason));
    this.tenant = tenant;
    this.reason = reason;
  }

  /** Returns the tenant that was asked for. */
  public TenantId tenant() {
    return tenant;
  }

  /** Returns why, as it was said when it was suspended. */
  public String reason() {
    return reason;
  }
}
