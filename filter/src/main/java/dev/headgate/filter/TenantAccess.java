package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Says whether a request may have the tenant that it names. A lambda will do:
 *
 * <pre>{@code
 * TenantAccess access = (request, tenant) -> request.isUserInRole(tenant.value());
 * }</pre>
 *
 * <p>It is asked once a request, before the directory and before any connection, and so for any
 * name, whether or not there is such a tenant. What it refuses is answered as an unknown tenant is,
 * so that nobody learns which there are. What it throws is a 500.
 *
 * <p>Called by many threads at once.
 */
@FunctionalInterface
public interface TenantAccess {

  /** Returns whether a request may have a tenant. */
  boolean isAllowed(HttpServletRequest request, TenantId tenant);

  /**
   * Returns a rule that refuses a request if a resolver names another tenant for it. With that of
   * the session it keeps who has logged in for one tenant from another one's host:
   *
   * <pre>{@code
   * TenantAccess access = TenantAccess.sameAs(TenantResolver.sessionAttribute("tenant"));
   * }</pre>
   *
   * <p>If the resolver names none, as it does before the login, the request is allowed. A malformed
   * name is answered with 400.
   */
  static TenantAccess sameAs(TenantResolver resolver) {
    return new SameTenantAccess(resolver);
  }
}
