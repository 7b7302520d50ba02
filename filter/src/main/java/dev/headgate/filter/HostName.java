package dev.headgate.filter;

import dev.headgate.datasource.InvalidTenantIdException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host that a request was sent to, in its canonical form: small letters, no port, no dot at the
 * end. What has another form is refused here, before anyone looks it up or compares it.
 */
final class HostName {

  /** RFC 1035, section 2.3.4, in characters. */
  private static final int LONGEST = 253;

  /** Labels as in DNS, with the underscore that some have in theirs. */
  private static final Pattern NAME = Pattern.compile("[\\w-]{1,63}(\\.[\\w-]{1,63})*");

  private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]{2,45}]");

  private HostName() {}

  /**
   * Returns the host's canonical name, or empty if the request has none.
   *
   * @throws InvalidTenantIdException if it does not have the form of one, or there are several
   */
  static Optional<String> of(HttpServletRequest request) {
    Enumeration<String> headers = request.getHeaders("Host");
    if (headers != null && headers.hasMoreElements()) {
      headers.nextElement();
      // Containers refuse that unless they are told not to. Which of them the proxy in front and
      // the container have gone by can't be known here.
      if (headers.hasMoreElements()) {
        throw new InvalidTenantIdException("the request has several Host headers");
      }
    }
    return ofText(request.getServerName());
  }

  /**
   * Returns the canonical form of a host name without port, or empty if there is none.
   *
   * @throws InvalidTenantIdException if it does not have the form of one
   */
  static Optional<String> ofText(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    if (!isName(name) && !isAddress(name)) {
      throw new InvalidTenantIdException("the host of the request does not have the form of one");
    }
    // After the check: some letters beyond ASCII have small forms in it, the Kelvin sign for one.
    return Optional.of(name.toLowerCase(Locale.ROOT));
  }

  /** Returns whether a text has the form of a name as in DNS, without a dot at its end. */
  static boolean isName(String text) {
    return text.length() <= LONGEST && NAME.matcher(text).matches();
  }

  /** Returns whether a text has the form of an IPv6 address in brackets. */
  static boolean isAddress(String text) {
    return IPV6.matcher(text).matches();
  }
}
