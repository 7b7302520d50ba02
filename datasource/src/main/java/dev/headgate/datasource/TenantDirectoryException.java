package dev.headgate.datasource;

/** The directory itself failed, so that it is not known whether there is such a tenant. */
public final class TenantDirectoryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TenantDirectoryException(TenantId tenant, Throwable cause) {
    super("the directory failed to look up tenant \"%s\": %s".formatted(tenant, cause), cause);
  }
}
