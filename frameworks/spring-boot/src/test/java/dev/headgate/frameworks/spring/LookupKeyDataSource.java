package dev.headgate.frameworks.spring;

import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

// snippet
class LookupKeyDataSource extends AbstractRoutingDataSource {

  static final ThreadLocal<String> TENANT = new ThreadLocal<>();

  @Override
  protected Object determineCurrentLookupKey() {
    return TENANT.get();
  }
}
// end of snippet
