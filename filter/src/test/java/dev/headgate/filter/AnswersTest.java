package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import jakarta.servlet.ServletException;
import java.io.FileNotFoundException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers that the filter gives by itself. */
class AnswersTest {

  private final StubDatabase stub = StubDatabase.create(UUID.randomUUID().toString());
  private final RoutingDataSource dataSource =
      RoutingDataSource.builder(this::find)
          .pool(PoolSettings.defaults().withMaximumSize(1).withBorrowTimeout(Duration.ofSeconds(5)))
          .closeTimeout(Duration.ofMillis(1))
          .build();
  private final Web web = new Web();

  private Optional<Database> find(TenantId tenant) throws Exception {
    return switch (tenant.value()) {
      case "acme" -> Optional.of(Database.of(stub.url()));
      case "down" -> Optional.of(Database.of("jdbc:stub:" + UUID.randomUUID()));
      case "lost" -> throw new FileNotFoundException("the directory is gone");
      default -> Optional.empty();
    };
  }

  private void start(Web.Service service) throws Exception {
    web.filter(UnitOfWorkFilter.builder(dataSource, TenantResolver.header("Tenant")).build())
        .servlet("/*", service)
        .start();
  }

  private void borrow() throws SQLException {
    dataSource.getConnection().close();
  }

  @AfterEach
  void close() {
    web.close();
    dataSource.close();
    stub.close();
  }

  @Test
  void noTenantIs400() throws Exception {
    start((request, response) -> borrow());

    assertThat(web.get("/").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-acme", "a.b", "a/../b", "a,b", "a b", "a_b", "jdbc:h2:mem:x"})
  void aMalformedTenantIs400AndIsNotRepeated(String tenant) throws Exception {
    start((request, response) -> borrow());

    Answer answer = web.get("/", "Tenant: " + tenant);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(tenant.isEmpty() || !answer.text().contains(tenant)).isTrue();
    assertThat(dataSource.snapshot().totals().made()).isZero();
  }

  @Test
  void anUnknownTenantIs404AndMakesNoPool() throws Exception {
    start((request, response) -> borrow());

    assertThat(web.get("/", "Tenant: nobody").status()).isEqualTo(404);
    assertThat(dataSource.snapshot().totals().made()).isZero();
  }

  @Test
  void aDatabaseThatCannotBeReachedIs503() throws Exception {
    start(
        (request, response) -> {
          response.setHeader("X-Success", "yes");
          borrow();
        });

    Answer answer = web.get("/", "Tenant: down");

    assertUnavailable(answer, "5");
    assertThat(answer.header("X-Success")).isNull();
    // One tenant's database doesn't matter to another's.
    assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(200);
  }

  @Test
  void itIs503ThoughTheApplicationWrapsTheException() throws Exception {
    start(
        (request, response) -> {
          try {
            borrow();
          } catch (SQLException e) {
            RuntimeException wrapped = new IllegalStateException("no notes", e);
            throw new ServletException("no page", new RuntimeException("again", wrapped));
          }
        });

    assertUnavailable(web.get("/", "Tenant: down"), "5");
  }

  @Test
  void itIs503ThoughTheApplicationThrowsAnError() throws Exception {
    start(
        (request, response) -> {
          try {
            borrow();
          } catch (SQLException e) {
            throw new AssertionError(e);
          }
        });

    assertUnavailable(web.get("/", "Tenant: down"), "5");
  }

  @Test
  void noConnectionInTimeIs503() throws Exception {
    start((request, response) -> borrow());
    try (Connection held = dataSource.forTenant(TenantId.of("acme")).getConnection()) {
      assertUnavailable(web.get("/", "Tenant: acme"), "5");
      assertThat(held.isClosed()).isFalse();
    }
    assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(200);
  }

  @Test
  void whatTheApplicationAnsweredInsteadStays() throws Exception {
    start(
        (request, response) -> {
          try {
            borrow();
          } catch (SQLException e) {
            response.setStatus(502);
          }
        });

    assertThat(web.get("/", "Tenant: down").status()).isEqualTo(502);
  }

  @Test
  void aDirectoryThatFailsIs503() throws Exception {
    start((request, response) -> borrow());

    assertUnavailable(web.get("/", "Tenant: lost"), "5");
  }

  @Test
  void aDataSourceThatIsClosedIs503() throws Exception {
    start((request, response) -> borrow());
    dataSource.close();

    assertUnavailable(web.get("/", "Tenant: acme"), "5");
  }

  @Test
  void retryAfterIsInWholeSeconds() throws Exception {
    UnitOfWorkFilter filter =
        UnitOfWorkFilter.builder(dataSource, TenantResolver.header("Tenant"))
            .retryAfter(Duration.ofMillis(90_500))
            .build();
    web.filter(filter).servlet("/*", (request, response) -> borrow()).start();

    assertUnavailable(web.get("/", "Tenant: down"), "91");
  }

  /** The filter's own time is for what nobody knows of. */
  @Test
  void retryAfterIsWhenTheDatabaseIsTriedAgain() throws Exception {
    UnitOfWorkFilter filter =
        UnitOfWorkFilter.builder(dataSource, TenantResolver.header("Tenant"))
            .retryAfter(Duration.ofSeconds(90))
            .build();
    stub.arm(
            call -> call.startsWith("Driver.connect"),
            Fault.throwBefore(() -> new SQLException("no route", "08001")))
        .always();
    web.filter(filter).servlet("/*", (request, response) -> borrow()).start();

    assertUnavailable(web.get("/", "Tenant: acme"), "90");
    // The next one may be the probe; between probes it is less than a second at first.
    await().untilAsserted(() -> assertUnavailable(web.get("/", "Tenant: acme"), "1"));
  }

  @Test
  void anotherFailureIs500() throws Exception {
    start(
        (request, response) -> {
          throw new ServletException(new SQLException("no such table", "42P01"));
        });

    Answer answer = web.get("/", "Tenant: acme");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("Retry-After")).isNull();
  }

  @Test
  void aTenantThatTheApplicationLooksUpItselfIsNoAnswerOfTheFilter() throws Exception {
    start((request, response) -> dataSource.forTenant(TenantId.of("nobody")).getConnection());

    assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(500);
  }

  @Test
  void theDirectoryIsAskedForWhatTheResolverFound() throws Exception {
    TenantDirectory directory = TenantDirectory.of(Map.of("acme", Database.of(stub.url())));
    try (RoutingDataSource other = RoutingDataSource.builder(directory).build()) {
      web.filter(UnitOfWorkFilter.builder(other, TenantResolver.header("Tenant")).build())
          .servlet(
              "/*",
              (request, response) -> response.getWriter().print(other.current().database().url()))
          .start();

      assertThat(web.get("/", "Tenant: ACME").text()).isEqualTo(stub.url());
    }
  }

  private static void assertUnavailable(Answer answer, String retryAfter) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo(retryAfter);
  }
}
