package dev.headgate.datasource.pool;

/** The registry of pools has been closed, or is being closed: it gives no more leases. */
public final class RegistryClosedException extends DatabaseUnavailableException {

  private static final long serialVersionUID = 1L;

  RegistryClosedException(String message) {
    super(message, null, null);
  }
}
