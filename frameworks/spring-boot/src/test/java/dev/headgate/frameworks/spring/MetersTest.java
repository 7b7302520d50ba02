package dev.headgate.frameworks.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.pool.PoolMeters;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.GenericApplicationContext;

/** The numbers of the pools among the application's. */
class MetersTest {

  @Test
  void aBeanIsEnough() {
    try (Notebook notebook =
        Notebook.start(
            NotebookApplication.class,
            context ->
                ((GenericApplicationContext) context)
                    .registerBean(
                        PoolMeters.class,
                        () -> new PoolMeters(context.getBean(RoutingDataSource.class)::snapshot)),
            "--management.endpoints.web.exposure.include=metrics")) {
      assertThat(notebook.get("acme", "/notes").status()).isEqualTo(200);
      Answer answer = notebook.get("", "/actuator/metrics/headgate.connections?tag=state:idle");
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("\"headgate.connections\"").doesNotContain("acme");
    }
  }
}
