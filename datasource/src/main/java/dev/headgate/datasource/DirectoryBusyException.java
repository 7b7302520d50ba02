package dev.headgate.datasource;

/**
 * A tenant was not looked up, since as many are being looked up already as may be at a time, or the
 * directory has not answered for long. Nothing was done; trying again later may help.
 */
public final class DirectoryBusyException extends TenantDirectoryException {

  private static final long serialVersionUID = 1L;

  DirectoryBusyException(TenantId tenant, String why) {
    this("tenant \"%s\" can't be looked up now: %s".formatted(tenant, why));
  }

  private DirectoryBusyException(String message) {
    super(message, null);
  }

  @Override
  DirectoryBusyException again() {
    return new DirectoryBusyException(message());
  }
}
