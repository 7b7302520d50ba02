package dev.headgate.example;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Predicate;

/**
 * Chooses the requests that need no tenant, and so no unit of work: those on a {@link BareHost},
 * which is where the landing page is. Notes are always a tenant's.
 */
public final class WithoutTenant implements Predicate<HttpServletRequest> {

  @Override
  public boolean test(HttpServletRequest request) {
    return BareHost.test(request.getServerName()) && !request.getServletPath().equals("/notes");
  }
}
