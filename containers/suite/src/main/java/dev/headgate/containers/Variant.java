package dev.headgate.containers;

import java.util.Arrays;
import java.util.stream.Stream;

/** One of the ways in which the example is deployed. */
record Variant(Registration registration, Storage storage) {

  static Stream<Variant> all() {
    return Arrays.stream(Registration.values())
        .flatMap(
            registration ->
                Arrays.stream(Storage.values()).map(storage -> new Variant(registration, storage)));
  }

  @Override
  public String toString() {
    return "through %s, acme on %s".formatted(registration, storage);
  }
}
