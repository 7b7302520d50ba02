package dev.headgate.frameworks.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.pool.RegistryClosedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** The stop: first the requests, then the pools. */
class ShutdownTest {

  private static final CountDownLatch ENTERED = new CountDownLatch(1);
  private static final CountDownLatch GO_ON = new CountDownLatch(1);

  /** Without JPA, to start quickly; not annotated as a component, which the others would find. */
  @EnableAutoConfiguration(
      exclude = {
        DataJpaRepositoriesAutoConfiguration.class,
        HibernateJpaAutoConfiguration.class,
        FlywayAutoConfiguration.class
      })
  @Import({TenantsConfiguration.class, Slow.class})
  static class Application {}

  @Controller
  static class Slow {

    private final DataSource dataSource;

    Slow(DataSource dataSource) {
      this.dataSource = dataSource;
    }

    @GetMapping("/slow")
    @ResponseBody
    String slow() throws SQLException, InterruptedException {
      ENTERED.countDown();
      assertThat(GO_ON.await(30, TimeUnit.SECONDS)).isTrue();
      try (Connection connection = dataSource.getConnection()) {
        return "valid: " + connection.isValid(1);
      }
    }
  }

  @Test
  void aRunningRequest_isServedBeforeThePoolsAreClosed() throws Exception {
    Notebook notebook = Notebook.start(Application.class, context -> {});
    RoutingDataSource dataSource = notebook.dataSource();
    Logs logs = Logs.listen();
    CompletableFuture<Answer> answer = notebook.send("acme", "/slow", "GET", "");
    assertThat(ENTERED.await(30, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(notebook::close);
    await()
        .until(
            () ->
                logs.lines().stream()
                    .anyMatch(line -> line.contains("Commencing graceful shutdown")));
    GO_ON.countDown();
    assertThat(answer.get(30, TimeUnit.SECONDS).body()).isEqualTo("valid: true");
    stopped.get(30, TimeUnit.SECONDS);
    assertThat(dataSource.snapshot().pools()).isEmpty();
    assertThatThrownBy(() -> dataSource.forTenant(TenantId.of("acme")).getConnection())
        .isInstanceOf(RegistryClosedException.class);
    assertThat(logs.lines()).filteredOn(line -> line.contains("Shutdown initiated")).hasSize(1);
  }
}
