package dev.headgate.datasource;

/** Inside a unit of work of one tenant, work for another one was asked for. */
public final class TenantMismatchException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  TenantMismatchException(TenantId asked, TenantId current) {
    super(
        "work for tenant \"%s\" was asked for inside a unit of work of tenant \"%s\": end that first"
            .formatted(asked, current));
  }
}
