package dev.headgate.datasource;

/**
 * What names a tenant does not have the form of a {@link TenantId}, or is malformed in another way.
 * The message does not repeat it.
 */
public final class InvalidTenantIdException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception for what is malformed before it is a tenant's name, such as a host.
   *
   * @param message what is wrong, without the text, which may come from anyone
   */
  public InvalidTenantIdException(String message) {
    super(message);
  }
}
