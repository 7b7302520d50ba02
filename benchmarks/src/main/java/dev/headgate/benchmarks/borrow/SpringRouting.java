package dev.headgate.benchmarks.borrow;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** Spring's routing, by a key that its user sets and clears around the work. */
final class SpringRouting extends AbstractRoutingDataSource {

  private final ThreadLocal<String> key = new ThreadLocal<>();

  SpringRouting(Map<Object, Object> dataSources) {
    setTargetDataSources(dataSources);
    afterPropertiesSet();
  }

  void set(String tenant) {
    key.set(tenant);
  }

  void clear() {
    key.remove();
  }

  @Override
  protected @Nullable Object determineCurrentLookupKey() {
    return key.get();
  }
}
