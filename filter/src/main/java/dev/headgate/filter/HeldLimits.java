package dev.headgate.filter;

/**
 * How much of a response is held, in bytes.
 *
 * @param held until it is passed on before the end
 * @param whole until it is refused, where it can't be passed on before the end
 */
record HeldLimits(int held, int whole) {

  static final HeldLimits DEFAULTS = new HeldLimits(128 * 1024, 8 * 1024 * 1024);

  private static final int LEAST = 1024;

  HeldLimits {
    if (held < LEAST || whole < held) {
      throw new IllegalArgumentException(
          "%d and %d bytes: at least %d have to be held, and no less where all is"
              .formatted(held, whole, LEAST));
    }
  }
}
