package dev.headgate.filter;

/** A path that is forwarded to for no client. The answer is 404. */
final class PathRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PathRefusedException(String message) {
    super(message);
  }
}
