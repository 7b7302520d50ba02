package dev.headgate.datasource.pool;

/** Says that as many wait for a pool as may. */
final class TooManyWaitingException extends Exception {

  private static final long serialVersionUID = 1L;
}
