package dev.headgate.example;

import java.util.regex.Pattern;

/** The hosts that name no tenant: {@code localhost} itself, and IP addresses. */
final class BareHost {

  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]+]");

  private BareHost() {}

  /** Returns whether a host, as in a request's {@code Host} header without the port, is bare. */
  static boolean test(String host) {
    return host.equalsIgnoreCase("localhost")
        || IPV4.matcher(host).matches()
        || IPV6.matcher(host).matches();
  }
}
