package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;

/** Whether a resolver names no other tenant. */
final class SameTenantAccess implements TenantAccess {

  private final TenantResolver resolver;

  SameTenantAccess(TenantResolver resolver) {
    this.resolver = Objects.requireNonNull(resolver, "resolver");
  }

  @Override
  public boolean isAllowed(HttpServletRequest request, TenantId tenant) {
    return NullAnswer.refused(resolver.resolve(request), resolver).map(tenant::equals).orElse(true);
  }

  @Override
  public String toString() {
    return "the same tenant, or none, from " + resolver;
  }
}
