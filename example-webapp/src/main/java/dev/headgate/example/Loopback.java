package dev.headgate.example;

import java.util.Set;

/** The addresses from which only this machine itself can ask. */
final class Loopback {

  private static final Set<String> IPV6 = Set.of("::1", "0:0:0:0:0:0:0:1");

  private Loopback() {}

  /** Returns whether a request's remote address, in brackets or without, is one of them. */
  static boolean test(String address) {
    return address.matches("127(\\.[0-9]{1,3}){3}")
        || IPV6.contains(address.replaceAll("[\\[\\]]", ""));
  }
}
