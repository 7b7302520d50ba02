package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;

/** The label before a domain in the host name. */
final class SubdomainResolver implements TenantResolver {

  private final String domain;
  private final String suffix;

  SubdomainResolver(String domain) {
    if (!HostName.isName(domain)) {
      throw new IllegalArgumentException(
          "domain \"%s\": give it as example.com, without port, star, or a dot at either end"
              .formatted(domain));
    }
    this.domain = domain;
    this.suffix = "." + domain.toLowerCase(Locale.ROOT);
  }

  @Override
  public Optional<TenantId> resolve(HttpServletRequest request) {
    return HostName.of(request)
        .filter(host -> host.endsWith(suffix))
        .map(host -> TenantId.of(host.substring(0, host.length() - suffix.length())));
  }

  @Override
  public String toString() {
    return "the label before " + domain + " in the host name";
  }
}
