package dev.headgate.datasource;

/** The directory knows no database of a tenant. */
public final class UnknownTenantException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final TenantId tenant;

  UnknownTenantException(TenantId tenant) {
    super("the directory knows no tenant \"%s\"".formatted(tenant));
    this.tenant = tenant;
  }

  /** Returns the tenant that was asked for. */
  public TenantId tenant() {
    return tenant;
  }
}
