package dev.headgate.datasource.pool;

/**
 * Keeps what two threads change at the same time from sharing a line of the processors' caches,
 * which would cost more than all that they do: the fields of an object of a subclass are so far
 * from those of another one. Fields of a superclass come first.
 */
@SuppressWarnings("unused") // they are only there
abstract class CacheLine {

  /** Or a field of the subclass would fill the gap behind the object's header. */
  private int first;

  private long second;
  private long third;
  private long fourth;
  private long fifth;
  private long sixth;
  private long seventh;
  private long eighth;
  private long last;
}
