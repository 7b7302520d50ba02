package dev.headgate.filter;

import org.jspecify.annotations.Nullable;

/** Refuses the null that an application's function has returned in place of an Optional. */
final class NullAnswer {

  private NullAnswer() {}

  /**
   * Returns what was returned.
   *
   * @param who whose it is, for the message
   */
  static <T> T refused(@Nullable T returned, Object who) {
    if (returned == null) {
      throw new IllegalStateException(
          "the resolver \"%s\" returned null: for a request without a tenant it has to return Optional.empty()"
              .formatted(who));
    }
    return returned;
  }
}
