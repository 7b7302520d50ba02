package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The user who is logged in, and a function from that to the tenant. */
final class PrincipalResolver implements TenantResolver {

  private final Function<? super Principal, Optional<TenantId>> tenantOf;
  private final String description;

  PrincipalResolver() {
    this(user -> Optional.of(TenantId.of(user.getName())), "the name of the user");
  }

  PrincipalResolver(Function<? super Principal, Optional<TenantId>> tenantOf) {
    this(Objects.requireNonNull(tenantOf, "tenantOf"), "what a function says of the user");
  }

  private PrincipalResolver(
      Function<? super Principal, Optional<TenantId>> tenantOf, String description) {
    this.tenantOf = tenantOf;
    this.description = description;
  }

  @Override
  public Optional<TenantId> resolve(HttpServletRequest request) {
    Principal user = request.getUserPrincipal();
    return user == null ? Optional.empty() : NullAnswer.refused(tenantOf.apply(user), this);
  }

  @Override
  public String toString() {
    return description;
  }
}
