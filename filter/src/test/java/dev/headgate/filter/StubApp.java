package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.datasource.pool.PoolSnapshot;
import dev.headgate.faults.Settings;
import dev.headgate.faults.StubDatabase;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.MDC;

/**
 * A web application of one tenant, {@code acme}, on the stub driver: one servlet for all paths, the
 * filter, and in front of that a look at what the filter does to those around it.
 */
final class StubApp implements AutoCloseable {

  /** Connections as the pool keeps them. */
  static final Settings POOLED = Settings.INITIAL.withAutoCommit(false);

  final StubDatabase stub = StubDatabase.create(UUID.randomUUID().toString());
  final RoutingDataSource dataSource;
  final Web web = new Web();

  /** What the last request's filter threw. */
  volatile Throwable thrown;

  /** The last request's unit of work, if the servlet has noted it. */
  volatile UnitOfWork unit;

  /** What the thread of the last request had of the filter afterwards: a unit, an MDC entry. */
  volatile String left;

  private Consumer<HttpServletResponse> before = response -> {};
  private UnaryOperator<UnitOfWorkFilter.Builder> setup = UnaryOperator.identity();

  StubApp() {
    Database database = Database.of(stub.url());
    dataSource =
        RoutingDataSource.builder(
                tenant -> tenant.value().equals("acme") ? Optional.of(database) : Optional.empty())
            .pool(
                PoolSettings.defaults().withMaximumSize(2).withBorrowTimeout(Duration.ofSeconds(1)))
            .closeTimeout(Duration.ofSeconds(1))
            .build();
  }

  /** What another filter does to the response in front of this one. */
  StubApp before(Consumer<HttpServletResponse> response) {
    before = response;
    return this;
  }

  StubApp filter(UnaryOperator<UnitOfWorkFilter.Builder> setup) {
    this.setup = setup;
    return this;
  }

  StubApp start(Web.Service service, DispatcherType... types) throws Exception {
    web.filter(watch());
    web.filter(
        setup.apply(UnitOfWorkFilter.builder(dataSource, TenantResolver.header("Tenant"))).build(),
        types);
    web.servlet("/*", service);
    web.start();
    return this;
  }

  private Filter watch() {
    return (request, response, chain) -> {
      thrown = null;
      unit = null;
      before.accept((HttpServletResponse) response);
      String outer = ((HttpServletRequest) request).getHeader("Outer");
      if (outer != null) {
        MDC.put("tenant", outer);
      }
      try {
        chain.doFilter(request, response);
      } catch (IOException | ServletException | RuntimeException | Error e) {
        thrown = e;
        throw e;
      } finally {
        left = left(outer);
        MDC.remove("tenant");
      }
    };
  }

  private String left(String outer) {
    String inMdc = MDC.get("tenant");
    if (outer == null ? inMdc != null : !outer.equals(inMdc)) {
      return "MDC has " + inMdc + ", not " + outer;
    }
    try {
      return "in scope: " + dataSource.current();
    } catch (IllegalStateException e) {
      return null;
    }
  }

  Answer get(String path, String... headers) {
    String[] all = new String[headers.length + 1];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = "Tenant: acme";
    return web.get(path, all);
  }

  /** Inserts a token, and notes the unit of work. */
  void insert(String token) throws SQLException {
    unit = dataSource.current();
    execute("INSERT " + token);
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Every connection is back and clean or destroyed, every lease back, the thread free. */
  void assertNothingLeft() {
    assertThat(left).as("left on the thread").isNull();
    // Connections are destroyed by another thread.
    await()
        .pollDelay(Duration.ZERO)
        .untilAsserted(
            () -> {
              assertThat(stub.isClean(POOLED)).as("clean: %s", stub.states()).isTrue();
              assertThat(dataSource.snapshot().pools()).allMatch(StubApp::isIdle);
            });
  }

  static boolean isIdle(PoolSnapshot pool) {
    return pool.leases() == 0 && pool.active() == 0;
  }

  @Override
  public void close() {
    web.close();
    dataSource.close();
    stub.close();
  }
}
