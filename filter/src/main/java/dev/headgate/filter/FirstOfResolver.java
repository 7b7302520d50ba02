package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The first of several resolvers that names a tenant. */
final class FirstOfResolver implements TenantResolver {

  private final List<TenantResolver> resolvers;

  FirstOfResolver(TenantResolver... resolvers) {
    Objects.requireNonNull(resolvers, "resolvers");
    if (resolvers.length == 0) {
      throw new IllegalArgumentException("there is no resolver: each request would be refused");
    }
    for (int i = 0; i < resolvers.length; i++) {
      Objects.requireNonNull(resolvers[i], "resolvers[" + i + "]");
    }
    this.resolvers = List.of(resolvers);
  }

  @Override
  public Optional<TenantId> resolve(HttpServletRequest request) {
    for (TenantResolver resolver : resolvers) {
      Optional<TenantId> tenant = NullAnswer.refused(resolver.resolve(request), resolver);
      if (tenant.isPresent()) {
        return tenant;
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return resolvers.stream().map(TenantResolver::toString).collect(Collectors.joining(", or "));
  }
}
