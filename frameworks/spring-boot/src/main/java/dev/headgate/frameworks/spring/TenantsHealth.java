package dev.headgate.frameworks.spring;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

// snippet
@Component("dbHealthContributor") // in place of Spring Boot's own, which would have no tenant
class TenantsHealth implements HealthIndicator {

  private final RoutingDataSource dataSource;
  private final List<TenantId> tenants;

  TenantsHealth(
      RoutingDataSource dataSource, @Value("${notebook.tenants}") List<TenantId> tenants) {
    this.dataSource = dataSource;
    this.tenants = tenants;
  }

  @Override
  public Health health() {
    Map<String, Health> byName = new TreeMap<>();
    tenants.forEach(tenant -> byName.put(tenant.value(), health(tenant)));
    int pools = dataSource.snapshot().pools().size();
    return Health.up() // whatever the tenants are: one of them must not take this instance down
        .withDetail("registry", Health.up().withDetail("pools", pools).build())
        .withDetail("tenants", byName)
        .build();
  }

  private Health health(TenantId tenant) {
    try (Connection connection = dataSource.forTenant(tenant).getConnection()) {
      return connection.isValid(1) ? Health.up().build() : Health.down().build();
    } catch (SQLException e) {
      return Health.down(e).build();
    }
  }
}
// end of snippet
