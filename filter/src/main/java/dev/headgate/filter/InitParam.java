package dev.headgate.filter;

import java.util.Arrays;
import java.util.Optional;

/** The init-params of the filter in web.xml; the README has a table of them. */
enum InitParam {
  RESOLVER("resolver"),
  RESOLVER_DOMAIN("resolver.domain"),
  RESOLVER_HOSTS("resolver.hosts"),
  RESOLVER_HEADER("resolver.header"),
  RESOLVER_SESSION_ATTRIBUTE("resolver.session-attribute"),
  DIRECTORY("directory"),
  EXCLUDE("exclude"),
  EXCLUDE_PREDICATE("exclude.predicate"),
  ROLLBACK_PREDICATE("rollback.predicate"),
  RETRY_AFTER("retry-after"),
  AUTO_COMMIT("auto-commit"),
  POOLS_MAXIMUM("pools.maximum"),
  POOLS_IDLE_EXPIRY("pools.idle-expiry"),
  POOLS_CLOSE_TIMEOUT("pools.close-timeout"),
  POOL_MAXIMUM_SIZE("pool.maximum-size"),
  POOL_BORROW_TIMEOUT("pool.borrow-timeout"),
  POOL_IDLE_TIMEOUT("pool.idle-timeout"),
  POOL_MAXIMUM_LIFETIME("pool.maximum-lifetime");

  private final String key;

  InitParam(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }

  static Optional<InitParam> named(String key) {
    return Arrays.stream(values()).filter(param -> param.key.equals(key)).findFirst();
  }
}
