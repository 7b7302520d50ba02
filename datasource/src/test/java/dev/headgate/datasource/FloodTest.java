package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;

/** Names of a hundred thousand tenants that do not exist. */
class FloodTest {

  private static final int NAMES = 100_000;
  private static final int SOME = 20_000;
  private static final int REMEMBERED = 1000;
  private static final List<TenantId> TENANTS =
      List.of(TenantId.of("acme"), TenantId.of("globex"), TenantId.of("initech"));

  private static TenantId unknown(int i) {
    return TenantId.of("unknown-" + i);
  }

  @Test
  void eachNameIsLookedUpOnce_andNoPoolIsMadeOrEvicted() throws Exception {
    String run = UUID.randomUUID().toString();
    JdbcConnectionPool control = JdbcConnectionPool.create("jdbc:h2:mem:control-" + run, "", "");
    Map<TenantId, AtomicInteger> lookups = new ConcurrentHashMap<>();
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE tenant (name VARCHAR PRIMARY KEY, url VARCHAR)");
      for (TenantId tenant : TENANTS) {
        statement.execute(
            "INSERT INTO tenant VALUES ('%s', 'jdbc:h2:mem:%s-%s')".formatted(tenant, tenant, run));
      }
      TenantDirectory table =
          TenantDirectory.query(
              control, "SELECT url FROM tenant WHERE name = ?", DatabaseMapper.byColumns());
      try (RoutingDataSource dataSource =
          RoutingDataSource.builder(
                  tenant -> {
                    lookups.computeIfAbsent(tenant, t -> new AtomicInteger()).incrementAndGet();
                    return table.find(tenant);
                  })
              .directory(DirectorySettings.defaults().withUnknownFor(Duration.ofHours(1)))
              .maximumPools(TENANTS.size())
              .build()) {
        for (TenantId tenant : TENANTS) {
          use(dataSource, tenant);
        }
        flood(dataSource);
        for (TenantId tenant : TENANTS) {
          use(dataSource, tenant);
        }
        assertThat(dataSource.snapshot().totals().made()).isEqualTo(TENANTS.size());
        assertThat(dataSource.snapshot().pools()).hasSize(TENANTS.size());
      }
    } finally {
      control.dispose();
    }
    assertThat(lookups).hasSize(NAMES + TENANTS.size());
    assertThat(lookups.values()).allMatch(count -> count.get() == 1);
  }

  private static void use(RoutingDataSource dataSource, TenantId tenant) throws Exception {
    dataSource.call(
        tenant,
        work -> {
          dataSource.getConnection().close();
          return null;
        });
  }

  /** Each name comes twice at the same time, and some a little later. */
  private static void flood(RoutingDataSource dataSource) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        all.add(
            threads.submit(
                () -> {
                  for (int name = 0; name < NAMES; name++) {
                    requireUnknown(dataSource, unknown(name));
                    if (name % 4 == 0) {
                      requireUnknown(dataSource, unknown(Math.max(0, name - 8000)));
                    }
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void requireUnknown(RoutingDataSource dataSource, TenantId tenant) {
    try {
      dataSource.begin(tenant).close();
      throw new AssertionError(tenant + " is known");
    } catch (UnknownTenantException e) {
      // That is right.
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Knows some tenants, until it fails. */
  private static final class Names implements TenantDirectory {

    private boolean failing;
    private int lookups;

    @Override
    public Optional<Database> find(TenantId tenant) throws IOException {
      lookups++;
      if (failing) {
        throw new IOException("directory is down");
      }
      return TENANTS.contains(tenant)
          ? Optional.of(Database.of("jdbc:h2:mem:" + tenant))
          : Optional.empty();
    }
  }

  private final Names names = new Names();
  private final AtomicLong nanos = new AtomicLong();
  private final DirectoryCache cache =
      new DirectoryCache(
          names,
          DirectorySettings.defaults().withMaximumTenants(REMEMBERED),
          nanos::get,
          from -> {});

  private boolean isRememberedAsUnknown(TenantId tenant) {
    try {
      cache.find(tenant);
      return false;
    } catch (UnknownTenantException e) {
      return true;
    } catch (TenantDirectoryException e) {
      return false;
    }
  }

  private void floodCache() {
    for (int i = 0; i < SOME; i++) {
      if (!isRememberedAsUnknown(unknown(i))) {
        throw new AssertionError("unknown-" + i + " is known");
      }
    }
  }

  @Test
  void asManyNamesAreRememberedAsSet_theNewest() {
    floodCache();
    names.failing = true;
    List<Integer> remembered =
        IntStream.range(0, SOME).filter(i -> isRememberedAsUnknown(unknown(i))).boxed().toList();
    assertThat(remembered).isEqualTo(IntStream.range(SOME - REMEMBERED, SOME).boxed().toList());
  }

  @Test
  void tenantsStayRemembered() {
    TENANTS.forEach(cache::find);
    floodCache();
    int before = names.lookups;
    TENANTS.forEach(cache::find);
    assertThat(names.lookups).isEqualTo(before);
  }

  @Test
  void theLastAnswersAboutTenants_stay() {
    TENANTS.forEach(cache::find);
    nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    floodCache();
    names.failing = true;
    for (TenantId tenant : TENANTS) {
      assertThat(cache.find(tenant)).isEqualTo(Database.of("jdbc:h2:mem:" + tenant));
    }
  }

  @Test
  void theLastAnswers_fillNoLog() {
    floodCache();
    nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    names.failing = true;
    try (CapturedLog log = CapturedLog.of(DirectoryCache.class)) {
      for (int i = SOME - REMEMBERED; i < SOME; i++) {
        assertThat(isRememberedAsUnknown(unknown(i))).isTrue();
      }
      assertThat(log.text().lines()).hasSize(1);
    }
  }

  @Test
  void namesThatAreTooOldForAnyUse_areForgotten() {
    UnknownTenants unknown = new UnknownTenants(1000);
    unknown.put(TENANTS.get(0), new Answer(null, 1, 2), 0);
    unknown.put(TENANTS.get(1), new Answer(null, 9, 9), 5);
    assertThat(unknown.get(TENANTS.get(0))).isNull();
    assertThat(unknown.get(TENANTS.get(1))).isNotNull();
  }
}
