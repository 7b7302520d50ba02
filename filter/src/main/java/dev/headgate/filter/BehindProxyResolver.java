package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Has a resolver see the host that the client has asked the proxy for. */
final class BehindProxyResolver implements TenantResolver {

  private final TenantResolver resolver;
  private final ForwardedHeader header;
  private final List<AddressRange> proxies;
  private final String description;

  BehindProxyResolver(TenantResolver resolver, ForwardedHeader header, String... proxies) {
    this.resolver = Objects.requireNonNull(resolver, "resolver");
    this.header = header;
    if (proxies.length == 0) {
      throw new IllegalArgumentException("there is no proxy whose header could be trusted");
    }
    this.proxies = Arrays.stream(proxies).map(AddressRange::new).toList();
    this.description =
        "%s, which is that of the header %s from %s"
            .formatted(resolver, header, String.join(", ", proxies));
  }

  @Override
  public Optional<TenantId> resolve(HttpServletRequest request) {
    byte[] sender = AddressRange.address(request.getRemoteAddr());
    if (sender == null || proxies.stream().noneMatch(proxy -> proxy.contains(sender))) {
      return NullAnswer.refused(resolver.resolve(request), resolver);
    }
    // Not the proxy's own Host in place of one that is missing: a client can have a careless proxy
    // take the header away, by naming it in Connection.
    return header
        .host(request)
        .flatMap(
            host -> NullAnswer.refused(resolver.resolve(new Forwarded(request, host)), resolver));
  }

  @Override
  public String toString() {
    return description;
  }

  private static final class Forwarded extends HttpServletRequestWrapper {

    private final String host;

    Forwarded(HttpServletRequest request, String host) {
      super(request);
      this.host = host;
    }

    @Override
    public String getServerName() {
      return host;
    }
  }
}
