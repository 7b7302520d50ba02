package dev.headgate.filter;

import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Tells whose request it is. A lambda will do:
 *
 * <pre>{@code
 * TenantResolver resolver = request -> Optional.ofNullable(request.getRemoteUser()).map(TenantId::of);
 * }</pre>
 *
 * <p>Called by many threads at once. Nothing else of a request decides where its data lives.
 */
@FunctionalInterface
public interface TenantResolver {

  /**
   * Returns the tenant of a request, or empty if the request names none.
   *
   * @throws InvalidTenantIdException if what names the tenant is malformed; the answer is 400 then,
   *     as it is for none
   */
  Optional<TenantId> resolve(HttpServletRequest request);

  /**
   * Returns a resolver that takes the one label before a domain in the request's host name: {@code
   * acme} of {@code acme.example.com} for {@code example.com}. The port doesn't matter, nor do
   * capital letters or a dot at the end. The domain itself and other hosts name no tenant; more
   * than one label is malformed.
   *
   * @throws IllegalArgumentException if the domain does not have the form of one
   */
  static TenantResolver subdomainOf(String domain) {
    return new SubdomainResolver(domain);
  }

  /**
   * Returns a resolver that takes the value of a request header. Clients can set headers as they
   * like: use it only where something in front of the application sets or checks it. A header that
   * is there more than once is malformed.
   *
   * @throws IllegalArgumentException if the name is empty
   */
  static TenantResolver header(String name) {
    return new HeaderResolver(name);
  }
}
