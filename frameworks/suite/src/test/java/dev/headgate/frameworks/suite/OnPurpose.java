package dev.headgate.frameworks.suite;

/** The failure of work that is to be rolled back. */
final class OnPurpose extends RuntimeException {

  private static final long serialVersionUID = 1;

  OnPurpose() {
    super("on purpose");
  }
}
