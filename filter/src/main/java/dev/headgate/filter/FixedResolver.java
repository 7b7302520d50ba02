package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Optional;

/** The same tenant for every request. */
final class FixedResolver implements TenantResolver {

  private final Optional<TenantId> tenant;

  FixedResolver(TenantId tenant) {
    this.tenant = Optional.of(Objects.requireNonNull(tenant, "tenant"));
  }

  @Override
  public Optional<TenantId> resolve(HttpServletRequest request) {
    return tenant;
  }

  @Override
  public String toString() {
    return "always " + tenant.orElseThrow();
  }
}
