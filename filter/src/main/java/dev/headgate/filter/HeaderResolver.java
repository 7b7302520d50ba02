package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.Optional;

/** The value of a request header. */
final class HeaderResolver implements TenantResolver {

  private final String header;

  HeaderResolver(String header) {
    if (header.isBlank()) {
      throw new IllegalArgumentException("the name of the tenant's header is empty");
    }
    this.header = header;
  }

  @Override
  public Optional<TenantId> resolve(HttpServletRequest request) {
    Enumeration<String> values = request.getHeaders(header);
    if (values == null || !values.hasMoreElements()) {
      return Optional.empty();
    }
    String value = values.nextElement();
    // Two values are none of the two: who put which there can't be told. A text with a comma, which
    // is how some proxies join them, is no identifier either.
    return Optional.of(TenantId.of(values.hasMoreElements() ? null : value));
  }

  @Override
  public String toString() {
    return "the header " + header;
  }
}
