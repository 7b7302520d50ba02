package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.DatabaseMapper;
import dev.headgate.datasource.DirectorySettings;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests for many tenants that there are not, beside those of one that there is. */
@Tag("long")
class FloodTest {

  private static final int REQUESTS = Boolean.getBoolean("headgate.stress") ? 100_000 : 20_000;
  private static final FilterChain NOTHING = (request, response) -> {};

  private final String run = UUID.randomUUID().toString();
  private final JdbcConnectionPool control =
      JdbcConnectionPool.create("jdbc:h2:mem:control-" + run + ";DB_CLOSE_DELAY=-1", "", "");
  private final TenantDirectory table =
      TenantDirectory.query(
          control, "SELECT url FROM tenant WHERE name = ?", DatabaseMapper.byColumns());

  private final AtomicInteger lookups = new AtomicInteger();
  private final AtomicInteger held = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);
  private volatile boolean hanging;
  private volatile boolean failing;

  private final RoutingDataSource dataSource =
      RoutingDataSource.builder(
              tenant -> {
                lookups.incrementAndGet();
                if (hanging) {
                  held.incrementAndGet();
                  release.await();
                }
                if (failing) {
                  throw new IOException("directory is down");
                }
                return table.find(tenant);
              })
          .directory(DirectorySettings.defaults().withLookups(4))
          .build();

  @BeforeEach
  void create() throws SQLException {
    QuietLogs.on();
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE tenant (name VARCHAR PRIMARY KEY, url VARCHAR)");
      statement.execute("INSERT INTO tenant VALUES ('acme', 'jdbc:h2:mem:acme-%s')".formatted(run));
    }
  }

  @AfterEach
  void close() {
    release.countDown();
    dataSource.close();
    control.dispose();
  }

  private UnitOfWorkFilter filter() throws Exception {
    UnitOfWorkFilter filter =
        UnitOfWorkFilter.builder(dataSource, TenantResolver.header("Tenant")).build();
    filter.init(Mocks.config());
    return filter;
  }

  private static int status(UnitOfWorkFilter filter, String tenant) throws Exception {
    HttpServletResponse response = Mocks.response();
    filter.doFilter(Mocks.request(tenant), response, NOTHING);
    return response.getStatus();
  }

  @Test
  void unknownAndMalformedTenants_areRefused_withoutALineInTheLogAndWithoutAPool()
      throws Exception {
    UnitOfWorkFilter filter = filter();
    assertThat(status(filter, "acme")).isEqualTo(200);
    int unknown = 0;
    int malformed = 0;
    try (KeptLogs logs = new KeptLogs()) {
      for (int i = 0; i < REQUESTS; i += 2) {
        unknown += status(filter, "unknown-" + i) == 404 ? 1 : 0;
        malformed += status(filter, "../malformed/" + i) == 400 ? 1 : 0;
      }
      assertThat(logs.lines(Level.INFO)).isEmpty();
      assertThat(logs.lines(Level.ALL)).hasSizeLessThanOrEqualTo(REQUESTS);
    }
    assertThat(unknown).isEqualTo(REQUESTS / 2);
    assertThat(malformed).isEqualTo(REQUESTS / 2);
    assertThat(status(filter, "acme")).isEqualTo(200);
    assertThat(lookups).as("what is malformed is not looked up").hasValue(REQUESTS / 2 + 1);
    assertThat(dataSource.snapshot().pools()).isEmpty();
  }

  @Test
  void aDirectoryThatFails_fillsNoLog() throws Exception {
    UnitOfWorkFilter filter = filter();
    failing = true;
    long begun = System.nanoTime();
    try (KeptLogs logs = new KeptLogs()) {
      for (int i = 0; i < 5000; i++) {
        assertThat(status(filter, "unknown-" + i)).isEqualTo(503);
      }
      long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
      assertThat(logs.lines(Level.INFO)).hasSizeBetween(0, (int) seconds + 1);
      assertThat(logs.lines(Level.ALL)).hasSize(5000);
    }
  }

  @Test
  void whileTheDirectoryHangs_newNamesAreAnswered503_andKnownTenantsAsEver() throws Exception {
    ExecutorService clients = Executors.newCachedThreadPool();
    try (Web web = new Web()) {
      web.filter(
          UnitOfWorkFilter.builder(dataSource, TenantResolver.header("Tenant"))
              .retryAfter(Duration.ofSeconds(7))
              .build());
      web.servlet("/*", (request, response) -> dataSource.getConnection().close());
      web.start();
      assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(200);
      hanging = true;
      List<Future<Answer>> flood = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        String header = "Tenant: unknown-" + i;
        flood.add(clients.submit(() -> web.get("/", header)));
      }
      await().until(() -> held.get() == 4);
      await().until(() -> flood.stream().filter(Future::isDone).count() == 56);
      assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(200);
      for (Future<Answer> each : flood) {
        if (each.isDone()) {
          assertThat(each.get().status()).isEqualTo(503);
          assertThat(each.get().header("Retry-After")).isEqualTo("7");
        }
      }
      release.countDown();
      for (Future<Answer> each : flood) {
        assertThat(each.get(10, TimeUnit.SECONDS).status()).isIn(404, 503);
      }
      assertThat(held).hasValue(4);
    } finally {
      release.countDown();
      clients.shutdownNow();
    }
  }
}
