package dev.headgate.datasource;

import java.sql.SQLTransientException;

/**
 * A tenant is read only for now, by the application or the directory. With this as a {@linkplain
 * Throwable#getSuppressed() suppressed} one, what a database throws says why it has refused a
 * write.
 */
public final class TenantReadOnlyException extends SQLTransientException {

  private static final long serialVersionUID = 1L;

  private final TenantId tenant;
  private final String reason;

  TenantReadOnlyException(TenantId tenant, String reason) {
    super("tenant \"%s\" is read only for now: %s".formatted(tenant, reason));
    this.tenant = tenant;
    this.reason = reason;
  }

  /** Returns the tenant whose data was to be changed. */
  public TenantId tenant() {
    return tenant;
  }

  /** Returns why, as it was said when it was made read only. */
  public String reason() {
    return reason;
  }
}
