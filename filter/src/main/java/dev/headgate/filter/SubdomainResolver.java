package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/** The label before a domain in the host name. */
final class SubdomainResolver implements TenantResolver {

  /** Labels as they come in a Host header; others would never match. */
  private static final Pattern DOMAIN = Pattern.compile("[\\w-]+(\\.[\\w-]+)*");

  private final String domain;
  private final String suffix;

  SubdomainResolver(String domain) {
    if (!DOMAIN.matcher(domain).matches()) {
      throw new IllegalArgumentException(
          "domain \"%s\": give it as example.com, without port, star, or a dot at either end"
              .formatted(domain));
    }
    this.domain = domain;
    this.suffix = "." + domain;
  }

  @Override
  public Optional<TenantId> resolve(HttpServletRequest request) {
    return HostName.of(request)
        .filter(host -> host.regionMatches(true, label(host), suffix, 0, suffix.length()))
        .map(host -> TenantId.of(host.substring(0, label(host))));
  }

  /** Returns where the label ends, if the host is one of the domain's. */
  private int label(String host) {
    return host.length() - suffix.length();
  }

  @Override
  public String toString() {
    return "the label before " + domain + " in the host name";
  }
}
