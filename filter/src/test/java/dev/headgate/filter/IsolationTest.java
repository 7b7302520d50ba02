package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.datasource.UnitOptions;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * 64 threads send writes of 200 tenants, over HTTP, with room for 50 pools; some of the requests
 * fail. Afterwards each row is where it belongs, and no other is anywhere.
 */
@Tag("long")
class IsolationTest {

  private static final int THREADS = 64;
  private static final int TENANTS = 200;
  private static final int POOLS = 50;
  private static final int REQUESTS = Boolean.getBoolean("headgate.stress") ? 60_000 : 3_200;

  /** How a request writes its row, and how it ends. */
  private enum Style {
    PLAIN(true),
    PREPARED(true),
    INNER_TRANSACTION(true),
    SAVEPOINT(true),
    JOINED(true),
    INDEPENDENT(true),
    COMMITTED_IN_THE_MIDDLE(true),
    TWO_CONNECTIONS(true),
    INNER_NOT_COMMITTED(false),
    EXCEPTION(false),
    ERROR(false),
    STATUS(false),
    SENT_ERROR(false),
    ROLLBACK_ONLY(false);

    private final boolean stores;

    Style(boolean stores) {
      this.stores = stores;
    }
  }

  private record Row(TenantId tenant, long token) {}

  private final AtomicLong tokens = new AtomicLong();
  private final Set<Row> expected = ConcurrentHashMap.newKeySet();
  private final Set<String> scopesLeft = ConcurrentHashMap.newKeySet();

  @Test
  void eachRowIsInTheDatabaseOfItsTenant() throws Exception {
    try (TenantDatabases databases = new TenantDatabases(TENANTS, POOLS)) {
      List<String> unexpected = run(databases, TenantResolver.header("Tenant"), REQUESTS);

      assertThat(unexpected).as("answers").isEmpty();
      assertThat(wrong(databases)).isEmpty();
      assertThat(expected.stream().map(Row::tenant).distinct()).hasSize(TENANTS);
      assertThat(scopesLeft).isEmpty();
      assertThat(databases.dataSource.snapshot().pools())
          .hasSizeLessThanOrEqualTo(POOLS)
          .allMatch(StubApp::isIdle);
      assertThat(databases.dataSource.snapshot().totals().evicted()).isPositive();
    }
  }

  @Test
  void theCheckFindsRoutingThatIsWrongOnceInAHundred() throws Exception {
    AtomicLong requests = new AtomicLong();
    TenantResolver honest = TenantResolver.header("Tenant");
    TenantResolver sabotaged =
        request ->
            requests.incrementAndGet() % 100 == 0
                ? honest.resolve(request).map(IsolationTest::neighbour)
                : honest.resolve(request);
    try (TenantDatabases databases = new TenantDatabases(TENANTS, POOLS)) {
      run(databases, sabotaged, 1_280);

      assertThat(wrong(databases)).isNotEmpty();
    }
  }

  @Test
  void theCheckFindsARollbackThatIsNone() throws Exception {
    try (TenantDatabases databases = new TenantDatabases(4, 2)) {
      assertThat(run(databases, TenantResolver.header("Tenant"), 100)).isEmpty();
      assertThat(wrong(databases)).isEmpty();

      expected.remove(expected.iterator().next());
      assertThat(wrong(databases)).hasSize(1);
    }
  }

  private static TenantId neighbour(TenantId tenant) {
    int number = Integer.parseInt(tenant.value().substring("tenant-".length()));
    return TenantId.of("tenant-" + (number + 1) % TENANTS);
  }

  /** Sends requests of random tenants in random styles; returns the answers that were not right. */
  private List<String> run(TenantDatabases databases, TenantResolver resolver, int requests)
      throws Exception {
    List<String> unexpected = new ArrayList<>();
    try (Web web = new Web()) {
      RoutingDataSource dataSource = databases.dataSource;
      web.filter(
              (request, response, chain) -> {
                try {
                  chain.doFilter(request, response);
                } finally {
                  noteScope(dataSource);
                }
              })
          .filter(UnitOfWorkFilter.builder(dataSource, resolver).build())
          .servlet("/*", (request, response) -> write(dataSource, request, response))
          .start();
      URI uri = URI.create("http://127.0.0.1:" + web.port() + "/");
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      try {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Future<List<String>>> clients = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          long seed = i;
          clients.add(
              threads.submit(
                  () -> {
                    start.await();
                    return client(databases, uri, new Random(seed), requests / THREADS);
                  }));
        }
        for (Future<List<String>> client : clients) {
          unexpected.addAll(client.get());
        }
      } finally {
        threads.shutdownNow();
      }
    }
    return unexpected;
  }

  private void noteScope(RoutingDataSource dataSource) {
    try {
      scopesLeft.add(dataSource.current().toString());
    } catch (IllegalStateException e) {
      // As it should be.
    }
  }

  private List<String> client(TenantDatabases databases, URI uri, Random random, int requests)
      throws IOException, InterruptedException {
    List<String> unexpected = new ArrayList<>();
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    List<TenantId> tenants = databases.tenants();
    for (int i = 0; i < requests; i++) {
      Row row = new Row(tenants.get(random.nextInt(tenants.size())), tokens.incrementAndGet());
      Style style = Style.values()[random.nextInt(Style.values().length)];
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .header("Tenant", row.tenant().value())
              .header("Row", row.tenant() + " " + row.token())
              .header("Style", style.name())
              .build();
      int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      boolean success = style.stores || style == Style.INNER_NOT_COMMITTED;
      if (status != (success ? 200 : 500)) {
        unexpected.add(style + ": " + status);
      }
      if (style.stores) {
        expected.add(row);
      }
    }
    return unexpected;
  }

  private static void write(
      RoutingDataSource dataSource, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException, SQLException {
    String[] row = request.getHeader("Row").split(" ", 2);
    String sql = "INSERT INTO note VALUES (%s, '%s')".formatted(row[1], row[0]);
    UnitOfWork work = dataSource.current();
    Style style = Style.valueOf(request.getHeader("Style"));
    if (style == Style.INDEPENDENT) {
      // Without a second connection beside it, of which the pool could run dry.
      try (UnitOfWork own = dataSource.beginIndependent(work.tenant(), UnitOptions.defaults());
          Connection connection = dataSource.getConnection()) {
        execute(connection, sql);
        own.commit();
      }
      return;
    }
    try (Connection connection = dataSource.getConnection()) {
      switch (style) {
        case PLAIN -> execute(connection, sql);
        case PREPARED -> {
          try (PreparedStatement statement =
              connection.prepareStatement("INSERT INTO note VALUES (?, ?)")) {
            statement.setLong(1, Long.parseLong(row[1]));
            statement.setString(2, row[0]);
            statement.executeUpdate();
          }
        }
        case INNER_TRANSACTION -> {
          connection.setAutoCommit(false);
          execute(connection, "INSERT INTO note VALUES (-1, 'undone')");
          connection.rollback();
          execute(connection, sql);
          connection.commit();
          connection.setAutoCommit(true);
        }
        case SAVEPOINT -> {
          connection.setAutoCommit(false);
          execute(connection, sql);
          var savepoint = connection.setSavepoint();
          execute(connection, "DELETE FROM note");
          connection.rollback(savepoint);
          connection.commit();
        }
        case JOINED -> {
          try (UnitOfWork joined = dataSource.begin(work.tenant())) {
            execute(connection, sql);
            joined.commit();
          }
        }
        case INDEPENDENT -> throw new AssertionError("above");
        case COMMITTED_IN_THE_MIDDLE -> {
          execute(connection, sql);
          work.commit();
        }
        case TWO_CONNECTIONS -> {
          try (Connection other = dataSource.getConnection()) {
            execute(other, sql);
            execute(connection, "UPDATE note SET tenant = tenant WHERE token = " + row[1]);
          }
        }
        case INNER_NOT_COMMITTED -> {
          connection.setAutoCommit(false);
          execute(connection, sql);
        }
        case EXCEPTION -> {
          execute(connection, sql);
          throw new ServletException("on purpose");
        }
        case ERROR -> {
          execute(connection, sql);
          throw new AssertionError("on purpose");
        }
        case STATUS -> {
          execute(connection, sql);
          response.setStatus(500);
        }
        case SENT_ERROR -> {
          execute(connection, sql);
          response.sendError(500);
        }
        case ROLLBACK_ONLY -> {
          execute(connection, sql);
          work.setRollbackOnly();
        }
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Returns the rows that are not there, and those that should not be, as seen past Headgate. */
  private List<String> wrong(TenantDatabases databases) throws SQLException {
    List<String> wrong = new ArrayList<>();
    Set<Row> missing = new HashSet<>(expected);
    for (TenantId tenant : databases.tenants()) {
      for (Map.Entry<Long, String> found : rows(databases, tenant).entrySet()) {
        if (!found.getValue().equals(tenant.value())) {
          wrong.add("row %s of %s is with %s".formatted(found.getKey(), found.getValue(), tenant));
        }
        if (!missing.remove(new Row(tenant, found.getKey()))) {
          wrong.add("row %s of %s should not be there".formatted(found.getKey(), tenant));
        }
      }
    }
    missing.forEach(row -> wrong.add(row + " is missing"));
    return wrong;
  }

  private static Map<Long, String> rows(TenantDatabases databases, TenantId tenant)
      throws SQLException {
    Map<Long, String> rows = new ConcurrentHashMap<>();
    try (Connection connection = databases.connect(tenant);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT token, tenant FROM note")) {
      while (found.next()) {
        rows.put(found.getLong(1), found.getString(2));
      }
    }
    return rows;
  }
}
