package dev.headgate.datasource;

/** A text does not have the form of a {@link TenantId}. The message does not repeat the text. */
public final class InvalidTenantIdException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  InvalidTenantIdException(String message) {
    super(message);
  }
}
