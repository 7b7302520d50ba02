package dev.headgate.frameworks.spring;

import dev.headgate.datasource.RoutingDataSource;
import java.util.Map;
import org.springframework.boot.web.error.ErrorAttributeOptions;
import org.springframework.boot.webmvc.error.DefaultErrorAttributes;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.WebRequest;

/** Has error pages say whose they are, where there is a tenant. */
@Component
class TenantOfError extends DefaultErrorAttributes {

  private final RoutingDataSource dataSource;

  TenantOfError(RoutingDataSource dataSource) {
    this.dataSource = dataSource;
  }

  @Override
  public Map<String, Object> getErrorAttributes(WebRequest request, ErrorAttributeOptions options) {
    Map<String, Object> attributes = super.getErrorAttributes(request, options);
    try {
      attributes.put("tenant", dataSource.current().tenant().value());
    } catch (IllegalStateException e) {
      attributes.put("tenant", "none");
    }
    return attributes;
  }
}
