package dev.headgate.filter;

import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The whole host name, and a function from it to the tenant. */
final class HostResolver implements TenantResolver {

  private final Function<? super String, Optional<TenantId>> tenantOf;
  private final String description;

  HostResolver(Function<? super String, Optional<TenantId>> tenantOf) {
    this(Objects.requireNonNull(tenantOf, "tenantOf"), "what a function says of the host name");
  }

  private HostResolver(Function<? super String, Optional<TenantId>> tenantOf, String description) {
    this.tenantOf = tenantOf;
    this.description = description;
  }

  static HostResolver of(Map<String, String> tenantsByHost) {
    if (tenantsByHost.isEmpty()) {
      throw new IllegalArgumentException("there is no host: each request would be refused");
    }
    Map<String, TenantId> tenants = new HashMap<>();
    tenantsByHost.forEach(
        (host, tenant) -> {
          if (tenants.put(checked(host), tenant(host, tenant)) != null) {
            throw new IllegalArgumentException(
                "host \"%s\" is there twice, in different spellings".formatted(host));
          }
        });
    return new HostResolver(
        host -> Optional.ofNullable(tenants.get(host)),
        "that of the host name, of which %d are known".formatted(tenants.size()));
  }

  private static String checked(@Nullable String host) {
    if (host == null || !(HostName.isName(host) || HostName.isAddress(host))) {
      throw new IllegalArgumentException(
          "host \"%s\": give it as www.example.com, without scheme, port, star, or a dot at either end"
              .formatted(host));
    }
    return host.toLowerCase(Locale.ROOT);
  }

  private static TenantId tenant(String host, @Nullable String tenant) {
    try {
      return TenantId.of(tenant);
    } catch (InvalidTenantIdException e) {
      throw new IllegalArgumentException(
          "host \"%s\", tenant \"%s\": %s".formatted(host, tenant, e.getMessage()), e);
    }
  }

  @Override
  public Optional<TenantId> resolve(HttpServletRequest request) {
    return HostName.of(request).flatMap(host -> NullAnswer.refused(tenantOf.apply(host), this));
  }

  @Override
  public String toString() {
    return description;
  }
}
