package dev.headgate.filter;

import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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
   * than one label is malformed, and so is what has not the form of a host name. Clients choose the
   * host name: it says which tenant they want, not that they may.
   *
   * @throws IllegalArgumentException if the domain does not have the form of one
   */
  static TenantResolver subdomainOf(String domain) {
    return new SubdomainResolver(domain);
  }

  /**
   * Returns a resolver that gives the whole host name to a function. The name has small letters, no
   * port and no dot at the end; an IPv6 address is in brackets. What has not the form of a host
   * name is malformed, and the function does not see it. Clients choose the host name: it says
   * which tenant they want, not that they may.
   *
   * @param tenantOf the tenant of a host, or empty if there is none
   */
  static TenantResolver host(Function<String, Optional<TenantId>> tenantOf) {
    return new HostResolver(tenantOf);
  }

  /**
   * Returns a resolver that looks the whole host name up. The port doesn't matter, nor do capital
   * letters or a dot at the end. A host that is not there names no tenant, and what has not the
   * form of a host name is malformed. Clients choose the host name: it says which tenant they want,
   * not that they may.
   *
   * @param tenantsByHost hosts such as {@code www.acme.example}, and their tenants
   * @throws IllegalArgumentException if there is no host, one does not have the form of a host name
   *     or is there in two spellings, or a tenant is malformed
   */
  static TenantResolver hosts(Map<String, String> tenantsByHost) {
    return HostResolver.of(tenantsByHost);
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

  /**
   * Returns a resolver that takes the first segment of the path below the context path: {@code
   * acme} of {@code /acme/notes}. The application sees the path as it is, with that segment. The
   * root names no tenant. Clients choose the path: it says which tenant they want, not that they
   * may.
   */
  static TenantResolver pathSegment() {
    return new PathResolver();
  }

  /**
   * Returns a resolver that takes the first segment of the path below the context path, and has the
   * application see the path without it: {@code /acme/notes} is a request of {@code acme} for
   * {@code /notes}. The root names no tenant. Clients choose the path: it says which tenant they
   * want, not that they may.
   *
   * <p>The filter forwards to the rest of the path, as {@link
   * jakarta.servlet.RequestDispatcher#forward RequestDispatcher.forward} does. So security
   * constraints, the filters in front and what is {@linkplain
   * UnitOfWorkFilter.Builder#exclude(String...) excluded} go by the client's path. Filters behind
   * it are called only if they are mapped for FORWARD, with the path that the application sees.
   * What protects {@code /admin/*} by any of these has to protect {@code /acme/admin/*}.
   *
   * <p>A path that leads to {@code WEB-INF} or {@code META-INF}, to which a forward could go, or
   * that is not in its normal form ({@code //}, {@code /../}) is answered with 404.
   */
  static TenantResolver strippedPathSegment() {
    return new StrippedPathResolver();
  }

  /**
   * Returns a resolver that takes an attribute of the session, a {@link TenantId} or a text; it
   * makes no session. The application sets it, at the login for one: clients can't, but for as long
   * as the session lives they keep what they were given.
   *
   * <p>An attribute of another type is an {@link IllegalStateException} when it is met.
   *
   * @throws IllegalArgumentException if the name is empty
   */
  static TenantResolver sessionAttribute(String name) {
    return new SessionResolver(name);
  }

  /**
   * Returns a resolver that takes the name of the user who is logged in, as the container says by
   * {@link HttpServletRequest#getUserPrincipal()}. Nobody can forge it who can't log in as that
   * user. A name that is no tenant identifier is malformed.
   */
  static TenantResolver principal() {
    return new PrincipalResolver();
  }

  /**
   * Returns a resolver that gives the user who is logged in to a function, as the container says by
   * {@link HttpServletRequest#getUserPrincipal()}. Nobody can forge it who can't log in as that
   * user.
   *
   * @param tenantOf the tenant of a user, or empty if there is none
   */
  static TenantResolver principal(Function<? super Principal, Optional<TenantId>> tenantOf) {
    return new PrincipalResolver(tenantOf);
  }

  /** Returns a resolver of the same tenant for every request, whatever is in it. */
  static TenantResolver fixed(TenantId tenant) {
    return new FixedResolver(tenant);
  }

  /**
   * Returns a resolver that asks several, in their order, until one names a tenant. A malformed
   * name is refused, and the ones behind are not asked. Who can forge what one of them reads can
   * choose the tenant, unless one before it answers.
   *
   * @throws IllegalArgumentException if there is none
   */
  static TenantResolver firstOf(TenantResolver... resolvers) {
    return new FirstOfResolver(resolvers);
  }

  /**
   * Returns a resolver that asks several, which all have to name the same tenant: only who can
   * forge what each of them reads can choose it. If they name different ones, the answer is that
   * for an unknown tenant. If one of them names none, the request names none.
   *
   * @throws IllegalArgumentException if there are less than two
   */
  static TenantResolver allAgree(TenantResolver... resolvers) {
    return new AllAgreeResolver(resolvers);
  }

  /**
   * Returns a resolver that asks another one, and has it see the host that the client has asked a
   * proxy for, as {@link HttpServletRequest#getServerName()}. The proxy says it in a header, which
   * counts only in requests that come from the proxy; the others are seen as they are.
   *
   * <p>The proxy has to set the header, whatever the client has sent: then it is there once, with
   * one host. Otherwise it is malformed; if it is missing, the request names no tenant. Where the
   * container reads such headers itself, as by Tomcat's {@code RemoteIpValve} or Jetty's {@code
   * ForwardedRequestCustomizer}, this is not needed.
   *
   * @param header the header that the proxy sets: {@code Forwarded}, as in RFC 7239, or another one
   *     whose value is the host, such as {@code X-Forwarded-Host}
   * @param proxies addresses of proxies, or ranges of them: {@code 192.0.2.7}, {@code 10.0.0.0/8},
   *     {@code fd00::/8}
   * @throws IllegalArgumentException if there is no proxy, or one is no address
   */
  static TenantResolver behindProxy(TenantResolver resolver, String header, String... proxies) {
    return new BehindProxyResolver(resolver, new ForwardedHeader(header), proxies);
  }
}
