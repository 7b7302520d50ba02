package dev.headgate.frameworks.spring;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.filter.TenantResolver;
import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.DispatcherType;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jpa.autoconfigure.EntityManagerFactoryBuilderCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.task.TaskDecorator;

/** The beans of docs/spring-boot.md. */
@Configuration(proxyBeanMethods = false)
class TenantsConfiguration {

  // snippet
  @Bean
  RoutingDataSource dataSource(Environment environment) {
    return RoutingDataSource.of(
        Binder.get(environment)
            .bind("headgate.datasource", Bindable.mapOf(String.class, String.class))
            .get());
  }

  @Bean
  FilterRegistrationBean<UnitOfWorkFilter> unitOfWork(RoutingDataSource dataSource) {
    FilterRegistrationBean<UnitOfWorkFilter> registration =
        new FilterRegistrationBean<>(
            UnitOfWorkFilter.builder(dataSource, TenantResolver.subdomainOf("example.com"))
                .exclude("/actuator/*")
                .build());
    registration.setOrder(-200); // before Spring Security, -100, which may look for users
    registration.setDispatcherTypes(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
    return registration;
  }

  // end of snippet
  // snippet
  @Bean
  FlywayMigrationStrategy eachTenant(
      RoutingDataSource dataSource, @Value("${notebook.tenants}") List<TenantId> tenants) {
    return flyway ->
        tenants.forEach(
            tenant ->
                Flyway.configure()
                    .configuration(flyway.getConfiguration())
                    .dataSource(dataSource.forTenant(tenant))
                    .load()
                    .migrate());
  }

  // end of snippet
  // snippet
  @Bean
  EntityManagerFactoryBuilderCustomizer bootstrapTenant(
      RoutingDataSource dataSource, @Value("${notebook.bootstrap-tenant}") TenantId tenant) {
    return builder ->
        builder.setBootstrapExecutor(
            start -> {
              try {
                dataSource.call(
                    tenant,
                    work -> {
                      start.run();
                      return null;
                    });
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  // end of snippet
  // snippet
  @Bean
  TaskDecorator tenantOfTask(RoutingDataSource dataSource) {
    return dataSource::wrap;
  }
  // end of snippet
}
