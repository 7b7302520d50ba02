package dev.headgate.datasource.pool;

/** Is never thrown: it remembers where a connection was taken. */
final class TakenHere extends Exception {

  private static final long serialVersionUID = 1L;

  TakenHere(String pool) {
    super("a connection of pool " + pool + " was taken here");
  }
}
