package dev.headgate.filter;

import java.util.Arrays;
import java.util.Optional;

/**
 * The init-params of the filter in web.xml besides the settings of its data source;
 * docs/configuration.md has a table of them.
 */
enum InitParam {
  RESOLVER("resolver"),
  RESOLVER_SEVERAL("resolver.several"),
  RESOLVER_DOMAIN("resolver.domain"),
  RESOLVER_HOSTS("resolver.hosts"),
  RESOLVER_HEADER("resolver.header"),
  RESOLVER_SESSION_ATTRIBUTE("resolver.session-attribute"),
  RESOLVER_TENANT("resolver.tenant"),
  RESOLVER_FORWARDED_HEADER("resolver.forwarded-header"),
  RESOLVER_PROXIES("resolver.proxies"),
  ACCESS("access"),
  ACCESS_SESSION_ATTRIBUTE("access.session-attribute"),
  ACCESS_REFUSED_STATUS("access.refused-status"),
  DATA_SOURCE("data-source"),
  EXCLUDE("exclude"),
  EXCLUDE_PREDICATE("exclude.predicate"),
  ROLLBACK_PREDICATE("rollback.predicate"),
  RETRY_AFTER("retry-after"),
  HOLD_BYTES("hold.bytes"),
  HOLD_WHOLE_BYTES("hold.whole-bytes"),
  STREAM("stream"),
  ASYNC_LIMIT("async.limit");

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
