package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.NoUnitOfWorkException;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Requests of different tenants alternate on the same threads, and no tenant leaks. */
@Tag("long")
class ThreadReuseTest {

  private static final int THREADS = 4;
  private static final int TENANTS = 20;
  private static final int REQUESTS = Boolean.getBoolean("headgate.stress") ? 1_000_000 : 100_000;

  @Test
  void noTenantLeaksIntoTheNextRequest() throws Exception {
    try (TenantDatabases databases = new TenantDatabases(TENANTS, TENANTS)) {
      List<String> wrong = run(databases, TenantResolver.header("Tenant"), REQUESTS);

      assertThat(wrong).isEmpty();
      assertThat(databases.dataSource.snapshot().pools()).allMatch(StubApp::isIdle);
    }
  }

  @Test
  void theCheckFindsATenantThatStays() throws Exception {
    ThreadLocal<Optional<TenantId>> stale = new ThreadLocal<>();
    int[] requests = {0};
    TenantResolver honest = TenantResolver.header("Tenant");
    TenantResolver sabotaged =
        request -> {
          Optional<TenantId> before = stale.get();
          stale.set(honest.resolve(request));
          return ++requests[0] % 1000 == 0 && before != null ? before : stale.get();
        };
    try (TenantDatabases databases = new TenantDatabases(TENANTS, TENANTS)) {
      assertThat(run(databases, sabotaged, 10_000)).isNotEmpty();
    }
  }

  private static List<String> run(TenantDatabases databases, TenantResolver resolver, int requests)
      throws Exception {
    UnitOfWorkFilter filter = UnitOfWorkFilter.builder(databases.dataSource, resolver).build();
    filter.init(Mocks.config());
    List<String> wrong = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<String>>> runs = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int first = i;
        runs.add(threads.submit(() -> requests(databases, filter, first, requests / THREADS)));
      }
      for (Future<List<String>> run : runs) {
        wrong.addAll(run.get());
      }
    } finally {
      threads.shutdownNow();
    }
    return wrong;
  }

  private static List<String> requests(
      TenantDatabases databases, UnitOfWorkFilter filter, int first, int requests)
      throws IOException {
    List<String> wrong = new ArrayList<>();
    RoutingDataSource dataSource = databases.dataSource;
    for (int i = 0; i < requests; i++) {
      String tenant = databases.tenants().get((first + i) % TENANTS).value();
      boolean fails = i % 7 == 0;
      FilterChain chain =
          (request, response) -> {
            String owner = owner(dataSource);
            if (!owner.equals(tenant) || !tenant.equals(MDC.get("tenant"))) {
              wrong.add(tenant + " got " + owner + " and " + MDC.get("tenant"));
            }
            if (fails) {
              throw new ServletException("on purpose");
            }
            ((HttpServletResponse) response).setStatus(201);
          };
      HttpServletResponse response = Mocks.response();
      try {
        filter.doFilter(Mocks.request(tenant), response, chain);
        if (response.getStatus() != 201) {
          wrong.add(tenant + " was answered " + response.getStatus());
        }
      } catch (ServletException e) {
        if (!fails) {
          wrong.add(tenant + " failed: " + e);
        }
      }
      if (hasScope(dataSource) || MDC.get("tenant") != null) {
        wrong.add(tenant + " is left on the thread");
      }
    }
    return wrong;
  }

  private static String owner(RoutingDataSource dataSource) throws ServletException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet owner = statement.executeQuery("SELECT tenant FROM owner")) {
      owner.next();
      return owner.getString(1);
    } catch (SQLException e) {
      throw new ServletException(e);
    }
  }

  private static boolean hasScope(RoutingDataSource dataSource) {
    try {
      dataSource.getConnection().close();
      return true;
    } catch (NoUnitOfWorkException e) {
      return false;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
