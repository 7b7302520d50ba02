package dev.headgate.datasource;

import org.jspecify.annotations.Nullable;

/**
 * The directory failed, or could not be asked, so that it is not known whether there is such a
 * tenant.
 */
public sealed class TenantDirectoryException extends RuntimeException
    permits DirectoryBusyException {

  private static final long serialVersionUID = 1L;

  private final String message;

  TenantDirectoryException(TenantId tenant, Throwable cause) {
    this(
        "the directory failed to look up tenant \"%s\": %s"
            .formatted(tenant, OneLine.of(cause.toString())),
        cause);
  }

  TenantDirectoryException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.message = message;
  }

  String message() {
    return message;
  }

  /** Returns one like this for another thread, with the stack trace of that. */
  TenantDirectoryException again() {
    return new TenantDirectoryException(message, getCause());
  }
}
