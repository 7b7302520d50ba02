package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.pool.HeldConnection;
import dev.headgate.faults.StubDatabase;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.sql.Connection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The report of connections that are held for long says in which request. */
class HeldForLongTest {

  /** A filter in front of ours may have decoded the path. */
  private static final class Decoded extends HttpServletRequestWrapper {

    Decoded(HttpServletRequest request) {
      super(request);
    }

    @Override
    public String getRequestURI() {
      return "/notes\r\nERROR forged\u2028\u202Elines\u001B[2J" + "x".repeat(1000);
    }
  }

  @Test
  void whatAClientSends_makesNoLineOfItsOwn() throws Exception {
    var held = new CopyOnWriteArrayList<HeldConnection>();
    try (StubDatabase stub = StubDatabase.create(UUID.randomUUID().toString());
        RoutingDataSource dataSource =
            RoutingDataSource.of(
                Map.of("database.url", stub.url(), "pools.report-held-after", "PT0.001S"));
        Web web = new Web()) {
      web.filter(
          (request, response, chain) ->
              chain.doFilter(new Decoded((HttpServletRequest) request), response));
      web.filter(
          UnitOfWorkFilter.builder(dataSource, TenantResolver.fixed(dataSource.onlyTenant().get()))
              .build());
      web.servlet(
          "/*",
          (request, response) -> {
            try (Connection connection = dataSource.getConnection()) {
              await().until(() -> !dataSource.snapshot().held().isEmpty());
              held.addAll(dataSource.snapshot().held());
            }
          });
      web.start();
      assertThat(web.get("/").status()).isEqualTo(200);
    }
    assertThat(held.get(0).work().orElseThrow())
        .startsWith("GET /notes??ERROR forged??lines?[2Jxxx")
        .matches("[ -~]{1,203}");
  }

  @Test
  void requestThatHoldsAConnection_isNamedWithoutQueryAndSession() throws Exception {
    var held = new CopyOnWriteArrayList<HeldConnection>();
    try (StubDatabase stub = StubDatabase.create(UUID.randomUUID().toString());
        RoutingDataSource dataSource =
            RoutingDataSource.of(
                Map.of("database.url", stub.url(), "pools.report-held-after", "PT0.001S"));
        Web web = new Web()) {
      web.filter(
          UnitOfWorkFilter.builder(dataSource, TenantResolver.fixed(dataSource.onlyTenant().get()))
              .build());
      web.servlet(
          "/*",
          (request, response) -> {
            try (Connection connection = dataSource.getConnection()) {
              await().until(() -> !dataSource.snapshot().held().isEmpty());
              held.addAll(dataSource.snapshot().held());
            }
          });
      web.start();
      assertThat(web.get("/notes;jsessionid=secret/all?token=secret").status()).isEqualTo(200);
    }
    assertThat(held).hasSize(1);
    assertThat(held.get(0).work()).contains("GET /notes/all");
    assertThat(held.get(0).taken())
        .extracting(StackTraceElement::getClassName)
        .anyMatch(name -> name.startsWith(HeldForLongTest.class.getName()));
  }
}
