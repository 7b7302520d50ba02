package dev.headgate.containers.webapp;

import dev.headgate.datasource.TenantId;
import dev.headgate.filter.TenantResolver;
import java.util.Map;
import java.util.Optional;

/** Does in code what the example's web.xml does, but chooses the tenant by the user. */
public final class UserRegistration extends CodeRegistration {

  private static final Map<String, String> TENANTS = Map.of("alice", "acme", "gus", "globex");

  @Override
  protected TenantResolver resolver() {
    return TenantResolver.principal(
        user -> Optional.ofNullable(TENANTS.get(user.getName())).map(TenantId::of));
  }
}
