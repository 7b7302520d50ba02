package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.stream.Collectors;

/** The first of several resolvers that names a tenant. */
final class FirstOfResolver implements TenantResolver {

  private final Resolvers resolvers;

  FirstOfResolver(TenantResolver... resolvers) {
    this.resolvers = new Resolvers(resolvers);
  }

  @Override
  public Optional<TenantId> resolve(HttpServletRequest request) {
    for (TenantResolver resolver : resolvers.all()) {
      Optional<TenantId> tenant = NullAnswer.refused(resolver.resolve(request), resolver);
      if (tenant.isPresent()) {
        return tenant;
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return resolvers.all().stream()
        .map(TenantResolver::toString)
        .collect(Collectors.joining(", or "));
  }
}
