package dev.headgate.filter;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that begin with the same bits: {@code 10.0.0.0/8}, or one alone. Nothing is ever looked
 * up by name.
 */
final class AddressRange {

  private static final Pattern RANGE = Pattern.compile("([0-9A-Fa-f:.]+)(?:/(\\d{1,3}))?");
  private static final Pattern IPV4 =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

  private final byte[] first;
  private final int bits;

  /**
   * Makes a range of a text.
   *
   * @throws IllegalArgumentException if it does not have the form of one, or has bits behind its
   *     prefix
   */
  AddressRange(String text) {
    Matcher range = RANGE.matcher(text);
    byte[] address = range.matches() ? address(range.group(1)) : null;
    if (address == null) {
      throw new IllegalArgumentException(
          "\"%s\": give an address, or a range of them as 10.0.0.0/8 or fd00::/8, no name"
              .formatted(text));
    }
    int most = address.length * 8;
    bits = range.group(2) == null ? most : Integer.parseInt(range.group(2));
    if (bits > most) {
      throw new IllegalArgumentException(
          "\"%s\": an address of this kind has %d bits".formatted(text, most));
    }
    for (int i = bits; i < most; i++) {
      if (bit(address, i)) {
        throw new IllegalArgumentException(
            "\"%s\": there are bits set behind the first %d".formatted(text, bits));
      }
    }
    first = address;
  }

  /** Returns whether an address, as {@code getRemoteAddr()} has it, is one of these. */
  boolean contains(byte[] address) {
    if (address.length != first.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      if (bit(address, i) != bit(first, i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean bit(byte[] address, int i) {
    return ((address[i / 8] >> (7 - (i % 8))) & 1) != 0;
  }

  /**
   * Returns the bytes of an address, four if it is one of IPv4 in the form of IPv6; null if the
   * text is none.
   */
  static byte @Nullable [] address(@Nullable String text) {
    if (text == null) {
      return null;
    }
    // Jetty has brackets around IPv6, and the JDK the interface behind it.
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    int zone = bare.indexOf('%');
    bare = zone < 0 ? bare : bare.substring(0, zone);
    if (bare.indexOf(':') < 0) {
      return ofIpv4(bare);
    }
    try {
      // In brackets it is never taken for a name.
      return InetAddress.getByName("[" + bare + "]").getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static byte @Nullable [] ofIpv4(String text) {
    Matcher matcher = IPV4.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    byte[] address = new byte[4];
    for (int i = 0; i < 4; i++) {
      int part = Integer.parseInt(matcher.group(i + 1));
      if (part > 255) {
        return null;
      }
      address[i] = (byte) part;
    }
    return address;
  }
}
