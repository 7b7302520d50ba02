package dev.headgate.datasource.pool;

/** Says that it is no use to wait. */
final class DeadlockException extends Exception {

  private static final long serialVersionUID = 1L;
}
