package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.stream.Collectors;

/** Several resolvers that all have to name the same tenant. */
final class AllAgreeResolver implements TenantResolver {

  private final Resolvers resolvers;

  AllAgreeResolver(TenantResolver... resolvers) {
    this.resolvers = new Resolvers(resolvers);
    if (this.resolvers.all().size() < 2) {
      throw new IllegalArgumentException("one resolver agrees with itself: give several");
    }
  }

  /** Asks all of them, so that a malformed name is refused as such wherever it stands. */
  @Override
  public Optional<TenantId> resolve(HttpServletRequest request) {
    Optional<TenantId> agreed = Optional.empty();
    boolean first = true;
    boolean missing = false;
    boolean different = false;
    for (TenantResolver resolver : resolvers.all()) {
      Optional<TenantId> tenant = NullAnswer.refused(resolver.resolve(request), resolver);
      missing |= tenant.isEmpty();
      different |= !first && !tenant.equals(agreed);
      agreed = tenant;
      first = false;
    }
    if (missing) {
      return Optional.empty();
    }
    if (different) {
      throw new TenantRefusedException("what names the tenant does not agree");
    }
    return agreed;
  }

  @Override
  public String toString() {
    return resolvers.all().stream()
        .map(TenantResolver::toString)
        .collect(Collectors.joining(", which has to be "));
  }
}
