package dev.headgate.filter;

import java.util.List;
import java.util.Objects;

/** Several resolvers, in their order. */
record Resolvers(List<TenantResolver> all) {

  /**
   * Checks what an application has given.
   *
   * @throws IllegalArgumentException if there is none
   */
  Resolvers(TenantResolver... given) {
    this(checked(given));
  }

  private static List<TenantResolver> checked(TenantResolver... given) {
    Objects.requireNonNull(given, "resolvers");
    if (given.length == 0) {
      throw new IllegalArgumentException("there is no resolver: each request would be refused");
    }
    for (int i = 0; i < given.length; i++) {
      Objects.requireNonNull(given[i], "resolvers[" + i + "]");
    }
    return List.of(given);
  }
}
