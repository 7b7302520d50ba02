package dev.headgate.filter;

/** A tenant that the request may not have. The answer is that for an unknown one. */
final class TenantRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TenantRefusedException(String message) {
    super(message);
  }
}
