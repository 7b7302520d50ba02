package dev.headgate.frameworks.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.ConfigurableApplicationContext;

/** What happens at the start, where there is no request and so no tenant. */
class StartTest {

  @Test
  void theStart_warnsOfNothing() {
    assertThat(Notebook.shared().loggedAtStart())
        .filteredOn(line -> line.contains("WARN") || line.contains("ERROR"))
        .filteredOn(line -> !line.contains("newer than the version Flyway has been verified with"))
        .isEmpty();
  }

  @Test
  void hibernate_asksTheBootstrapTenant() {
    assertThat(Notebook.shared().loggedAtStart())
        .filteredOn(line -> line.contains("Database JDBC URL"))
        .singleElement()
        .asString()
        .contains("-template]");
  }

  @Test
  void withoutBootstrapTenant_itStops_andTheLogSaysWhy() {
    List<Logs> logs = new ArrayList<>();
    assertThatThrownBy(
            () ->
                Notebook.start(
                    NotebookApplication.class,
                    context -> {
                      logs.add(Logs.listen());
                      takeAway(context, "bootstrapTenant");
                    }))
        .hasMessageContaining("Unable to determine Dialect without JDBC metadata");
    assertThat(logs.get(0).lines())
        .anyMatch(
            line -> line.startsWith("WARN") && line.contains("there is no unit of work here"));
  }

  @Test
  void aStartThatFails_leavesNoTenantOnItsThread() throws SQLException {
    List<RoutingDataSource> made = new ArrayList<>();
    assertThatThrownBy(
            () ->
                Notebook.start(
                    NotebookApplication.class,
                    context -> notice(context, made),
                    "--spring.flyway.enabled=false"))
        .rootCause()
        .hasMessageContaining("missing table");
    try (UnitOfWork work = made.get(0).begin(TenantId.of("acme"))) {
      assertThat(work.tenant()).isEqualTo(TenantId.of("acme"));
    }
  }

  private static void notice(ConfigurableApplicationContext context, List<RoutingDataSource> made) {
    context
        .getBeanFactory()
        .addBeanPostProcessor(
            new BeanPostProcessor() {
              @Override
              public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof RoutingDataSource dataSource) {
                  made.add(dataSource);
                }
                return bean;
              }
            });
  }

  private static void takeAway(ConfigurableApplicationContext context, String bean) {
    context.addBeanFactoryPostProcessor(
        factory -> ((BeanDefinitionRegistry) factory).removeBeanDefinition(bean));
  }

  @Test
  void withADialect_itNeedsNoBootstrapTenant_andOpenInViewGivesItsConnectionBack() {
    try (Notebook notebook =
        Notebook.start(
            NotebookApplication.class,
            context -> takeAway(context, "bootstrapTenant"),
            "--spring.profiles.active=without-connection",
            "--spring.jpa.open-in-view=true")) {
      assertThat(notebook.post("acme", "/notes", "stored").status()).isEqualTo(201);
      assertThat(notebook.get("acme", "/notes").body()).contains("stored");
      Logs logs = Logs.listen();
      assertThat(notebook.post("acme", "/probe/active", "").body()).isEqualTo("1");
      assertThat(Pools.active(notebook.dataSource(), "acme")).isZero();
      assertThat(logs.lines()).noneMatch(line -> line.contains("left open"));
    }
  }
}
