package dev.headgate.example;

/** A request that can't be fulfilled as it is. The message goes to the client. */
final class BadRequestException extends Exception {

  private static final long serialVersionUID = 1L;

  BadRequestException(String message) {
    super(message);
  }
}
