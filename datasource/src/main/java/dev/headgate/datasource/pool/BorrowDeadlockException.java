package dev.headgate.datasource.pool;

/**
 * A connection was asked for that could not have become free: whoever has one that would do waits
 * for another one, too. It is thrown at once, and to the last one who began to wait; when its unit
 * of work is rolled back, the others go on.
 */
public final class BorrowDeadlockException extends DatabaseUnavailableException {

  private static final long serialVersionUID = 1L;

  BorrowDeadlockException(String message) {
    super(message, null, null);
  }
}
