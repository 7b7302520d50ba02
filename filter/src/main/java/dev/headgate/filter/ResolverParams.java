package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads the resolver from the init-params. What is wrong is an {@link IllegalArgumentException}
 * that names the init-param.
 */
final class ResolverParams {

  /** The resolvers that have an init-param of their own, by their names. */
  private static final Map<InitParam, String> OWNERS =
      Map.of(
          InitParam.RESOLVER_DOMAIN, "subdomain",
          InitParam.RESOLVER_HOSTS, "hosts",
          InitParam.RESOLVER_HEADER, "header",
          InitParam.RESOLVER_SESSION_ATTRIBUTE, "session",
          InitParam.RESOLVER_TENANT, "fixed");

  private final Map<InitParam, String> values;

  ResolverParams(Map<InitParam, String> values) {
    this.values = values;
  }

  /** Returns the resolver for an application of one tenant, where nothing has to say which. */
  TenantResolver fixed(TenantId tenant) {
    for (InitParam param : InitParam.values()) {
      boolean resolves = param.key().equals("resolver") || param.key().startsWith("resolver.");
      if (resolves && values.containsKey(param)) {
        throw new IllegalArgumentException(
            "init-param %s: there is one database, without {tenant} in its URL, and nothing to resolve"
                .formatted(param.key()));
      }
    }
    return TenantResolver.fixed(tenant);
  }

  TenantResolver resolver() {
    List<String> kinds = kinds();
    for (InitParam param : InitParam.values()) {
      String owner = OWNERS.get(param);
      if (owner != null && values.containsKey(param) && !kinds.contains(owner)) {
        throw new IllegalArgumentException(
            "init-param %s goes with resolver = %s".formatted(param.key(), owner));
      }
    }
    List<TenantResolver> resolvers = new ArrayList<>();
    for (String kind : kinds) {
      resolvers.add(one(kind));
    }
    return behindProxy(joined(resolvers));
  }

  private TenantResolver joined(List<TenantResolver> resolvers) {
    String several = values.get(InitParam.RESOLVER_SEVERAL);
    TenantResolver[] all = resolvers.toArray(TenantResolver[]::new);
    if (all.length == 1) {
      if (several != null) {
        throw wrong(InitParam.RESOLVER_SEVERAL, "there is only one resolver");
      }
      return all[0];
    }
    return switch (several == null ? "first" : several) {
      case "first" -> TenantResolver.firstOf(all);
      case "agree" -> TenantResolver.allAgree(all);
      default -> throw wrong(InitParam.RESOLVER_SEVERAL, several + ": neither first nor agree");
    };
  }

  private TenantResolver behindProxy(TenantResolver resolver) {
    if (!values.containsKey(InitParam.RESOLVER_PROXIES)
        && !values.containsKey(InitParam.RESOLVER_FORWARDED_HEADER)) {
      return resolver;
    }
    ForwardedHeader header = of(InitParam.RESOLVER_FORWARDED_HEADER, ForwardedHeader::new);
    return of(
        InitParam.RESOLVER_PROXIES,
        value -> new BehindProxyResolver(resolver, header, value.split("\\s*,\\s*", -1)));
  }

  private List<String> kinds() {
    List<String> kinds = List.of(required(InitParam.RESOLVER).split("\\s*,\\s*", -1));
    Set<String> seen = new HashSet<>();
    for (String kind : kinds) {
      if (kind.isEmpty()) {
        throw wrong(InitParam.RESOLVER, "there is nothing before or after a comma");
      }
      if (!seen.add(kind)) {
        throw wrong(InitParam.RESOLVER, kind + " is there twice");
      }
    }
    return kinds;
  }

  private TenantResolver one(String kind) {
    return switch (kind) {
      case "subdomain" -> of(InitParam.RESOLVER_DOMAIN, TenantResolver::subdomainOf);
      case "hosts" ->
          of(InitParam.RESOLVER_HOSTS, value -> TenantResolver.hosts(tenantsByHost(value)));
      case "header" -> of(InitParam.RESOLVER_HEADER, TenantResolver::header);
      case "path" -> TenantResolver.pathSegment();
      case "stripped-path" -> TenantResolver.strippedPathSegment();
      case "session" -> of(InitParam.RESOLVER_SESSION_ATTRIBUTE, TenantResolver::sessionAttribute);
      case "principal" -> TenantResolver.principal();
      case "fixed" ->
          of(InitParam.RESOLVER_TENANT, value -> TenantResolver.fixed(TenantId.of(value)));
      default -> made(kind);
    };
  }

  private static TenantResolver made(String name) {
    try {
      return WebXml.instance(name, TenantResolver.class);
    } catch (IllegalArgumentException e) {
      throw wrong(InitParam.RESOLVER, e);
    }
  }

  private <T> T of(InitParam param, Function<String, T> factory) {
    String value = required(param);
    try {
      return factory.apply(value);
    } catch (IllegalArgumentException e) {
      throw wrong(param, e);
    }
  }

  private static Map<String, String> tenantsByHost(String value) {
    Map<String, String> tenants = new LinkedHashMap<>();
    for (String entry : value.split(",", -1)) {
      String[] sides = entry.split("=", -1);
      if (sides.length != 2) {
        throw new IllegalArgumentException(
            "\"%s\": it has to look like www.acme.example=acme, shop.example=globex"
                .formatted(entry.trim()));
      }
      if (tenants.put(sides[0].trim(), sides[1].trim()) != null) {
        throw new IllegalArgumentException("host \"%s\" is there twice".formatted(sides[0].trim()));
      }
    }
    return tenants;
  }

  private String required(InitParam param) {
    String value = values.get(param);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException("init-param " + param.key() + " is missing");
    }
    return value;
  }

  private static IllegalArgumentException wrong(InitParam param, String why) {
    return new IllegalArgumentException("init-param %s: %s".formatted(param.key(), why));
  }

  private static IllegalArgumentException wrong(InitParam param, IllegalArgumentException why) {
    return new IllegalArgumentException(
        "init-param %s: %s".formatted(param.key(), why.getMessage()), why);
  }
}
