package dev.headgate.datasource;

/**
 * The directory failed, or could not be asked, so that it is not known whether there is such a
 * tenant.
 */
public sealed class TenantDirectoryException extends RuntimeException
    permits DirectoryBusyException {

  private static final long serialVersionUID = 1L;

  TenantDirectoryException(TenantId tenant, Throwable cause) {
    super(
        "the directory failed to look up tenant \"%s\": %s"
            .formatted(tenant, OneLine.of(cause.toString())),
        cause);
  }

  TenantDirectoryException(String message) {
    super(message);
  }
}
