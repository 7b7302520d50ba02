package dev.headgate.filter;

import dev.headgate.datasource.InvalidTenantIdException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header in which a proxy says what host the client has asked for: {@code Forwarded}, as in RFC
 * 7239, or another one, such as {@code X-Forwarded-Host}, whose whole value is the host.
 */
final class ForwardedHeader {

  private static final String STANDARD = "Forwarded";

  private static final Pattern NAME = Pattern.compile("[\\w-]+");

  /**
   * One parameter, to its semicolon or the end. Colons and brackets without quotes are no tokens in
   * RFC 7239, section 4, and sent nevertheless. What has no place here is a comma: then several
   * proxies have spoken, or the client has.
   */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\G[ \\t]*(?:([\\w!#$%&'*+.^`|~-]+)=(?:([\\w!#$%&'*+.^`|~:\\[\\]-]+)|\"([^\"\\\\]*)\"))?[ \\t]*(;|$)");

  private static final Pattern PORT = Pattern.compile("(?<=.):\\d{1,5}$");

  private final String name;

  /**
   * Makes a header of a name.
   *
   * @throws IllegalArgumentException if the name does not have the form of one
   */
  ForwardedHeader(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the header \"%s\": give the one that the proxy sets, Forwarded or X-Forwarded-Host"
              .formatted(name));
    }
    this.name = name;
  }

  /**
   * Returns the canonical name of the host, or empty if the header says none.
   *
   * @throws InvalidTenantIdException if the header is there more than once, or is malformed
   */
  Optional<String> host(HttpServletRequest request) {
    Enumeration<String> values = request.getHeaders(name);
    if (values == null || !values.hasMoreElements()) {
      return Optional.empty();
    }
    String value = values.nextElement();
    if (values.hasMoreElements()) {
      throw new InvalidTenantIdException("the forwarded host is there more than once");
    }
    String host = name.equalsIgnoreCase(STANDARD) ? parameter(value) : value;
    return HostName.ofText(host == null ? null : PORT.matcher(host).replaceFirst(""));
  }

  private static @Nullable String parameter(String value) {
    String host = null;
    Matcher matcher = PARAMETER.matcher(value);
    int end = 0;
    boolean more = true;
    while (more && matcher.find()) {
      end = matcher.end();
      more = !matcher.group(4).isEmpty();
      if ("host".equalsIgnoreCase(matcher.group(1))) {
        if (host != null) {
          throw new InvalidTenantIdException("the forwarded host is there more than once");
        }
        host = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
      }
    }
    if (more || end < value.length()) {
      throw new InvalidTenantIdException(
          "the header Forwarded is malformed, or of several proxies");
    }
    return host;
  }

  @Override
  public String toString() {
    return name;
  }
}
