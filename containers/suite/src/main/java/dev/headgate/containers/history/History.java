package dev.headgate.containers.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.containers.Postgres;
import dev.headgate.containers.ServletContainer;
import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.faults.FaultProxy;
import dev.headgate.faults.Protocol;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A run: many clients, several tenants in real databases, faults, and the comparison afterwards.
 */
final class History {

  /** How many bytes of an answer are held. */
  static final int HELD = 4096;

  static final int HELD_WHOLE = 64 << 20;

  /** The header of a request that names its tenant. */
  static final String TENANT = "X-Tenant";

  /** Or the server would finish what it does for a client that was cut off. */
  private static final String NOTICES_CUTS = "&options=-c%20client_connection_check_interval=200";

  private static final int TENANTS = 4;
  private static final int CLIENTS = 12;
  private static final int POOL = 40;
  private static final int REQUESTS_PER_CUT = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EmbeddedContainer container;
  private final Path folder;
  private final int requests;
  private final boolean holding;
  private final Script script;
  private final Faults faults;
  private final Findings findings = new Findings();
  private final AtomicInteger begun = new AtomicInteger();
  private final List<String> urls = new ArrayList<>();

  History(EmbeddedContainer container, Path folder, long seed, int requests, boolean holding) {
    this.container = container;
    this.folder = folder;
    this.requests = requests;
    this.holding = holding;
    this.script = new Script(new Plans(seed, TENANTS));
    this.faults = new Faults(seed);
  }

  static String tenant(int number) {
    return "tenant" + number;
  }

  /** Returns the next request, or null if there are enough. */
  @Nullable Trace next() {
    int index = begun.getAndIncrement();
    if (index < requests) {
      return script.begin(index);
    }
    // There will not be enough answers any more for what is paused.
    faults.end();
    return null;
  }

  void heard() {
    faults.heard();
  }

  /** Makes all requests, and returns where a rule was broken. */
  Findings run() throws Exception {
    for (int i = 0; i < TENANTS; i++) {
      urls.add(Postgres.newDatabase());
      try (Connection connection = DriverManager.getConnection(urls.get(i));
          Statement statement = connection.createStatement()) {
        for (String sql : Work.SCHEMA) {
          statement.execute(sql);
        }
      }
    }
    int server = Integer.parseInt(urls.get(0).replaceAll(".*:(\\d+)/.*", "$1"));
    ExecutorService workers = Executors.newCachedThreadPool();
    try (FaultProxy proxy = FaultProxy.to("localhost", server, Protocol.POSTGRESQL)) {
      proxy.onCommit(faults);
      RoutingDataSource dataSource = dataSource(proxy.port(), server);
      ServletContainer.Running running =
          container.start(
              folder, new Application(script, dataSource, findings, workers, holding), false);
      try {
        play(running.port(), proxy);
        awaitQuiet(dataSource, proxy);
      } finally {
        running.stop();
        dataSource.close();
      }
      workers.shutdown();
      assertThat(workers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
      awaitNothingLeft();
    } finally {
      workers.shutdownNow();
    }
    var judge = new Judge(stored(), container, findings);
    script.traces().forEach(judge::judge);
    return findings;
  }

  private RoutingDataSource dataSource(int proxyPort, int server) {
    Map<String, Database> databases = new LinkedHashMap<>();
    for (int i = 0; i < TENANTS; i++) {
      String detour = urls.get(i).replace(":" + server + "/", ":" + proxyPort + "/");
      databases.put(tenant(i), Database.of(detour + NOTICES_CUTS));
    }
    return RoutingDataSource.builder(TenantDirectory.of(databases))
        .pool(PoolSettings.defaults().withMaximumSize(POOL))
        .build();
  }

  private void play(int port, FaultProxy proxy) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        all.add(
            clients.submit(
                () -> {
                  try (Audience audience = new Audience(this, port)) {
                    audience.listen();
                  }
                  return null;
                }));
      }
      int cuts = 0;
      for (Future<?> each : all) {
        while (!isDone(each)) {
          if (begun.get() / REQUESTS_PER_CUT > cuts) {
            cuts++;
            proxy.cutAll();
          }
        }
      }
    } finally {
      faults.end();
      clients.shutdownNow();
    }
  }

  private static boolean isDone(Future<?> client) throws Exception {
    try {
      client.get(10, TimeUnit.MILLISECONDS);
      return true;
    } catch (java.util.concurrent.TimeoutException e) {
      return false;
    }
  }

  /** Clients have gone, but what they have begun may still be at work. */
  private void awaitQuiet(RoutingDataSource dataSource, FaultProxy proxy) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(dataSource.snapshot().pools())
                  .allSatisfy(pool -> assertThat(pool.leases() + pool.active()).isZero());
              assertThat(sessions("state <> 'idle'")).isEmpty();
              // The pools have not noticed yet which of their connections were cut.
              int idle = dataSource.snapshot().pools().stream().mapToInt(pool -> pool.idle()).sum();
              assertThat(sessions("true")).hasSizeLessThanOrEqualTo(idle);
              assertThat(proxy.openConnections()).isLessThanOrEqualTo(idle);
            });
  }

  private void awaitNothingLeft() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(sessions("true")).isEmpty();
              assertThat(Thread.getAllStackTraces().keySet())
                  .extracting(Thread::getName)
                  .noneMatch(name -> name.contains("headgate") || name.contains("Hikari"));
            });
  }

  /** Returns what the server knows of the sessions in the databases of the run, but for this. */
  private List<String> sessions(String condition) throws SQLException {
    List<String> names =
        urls.stream().map(url -> url.replaceAll(".*/(\\w+)\\?.*", "'$1'")).toList();
    List<String> sessions = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(urls.get(0));
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                ("SELECT datname, state, query FROM pg_stat_activity WHERE datname IN (%s)"
                        + " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND %s")
                    .formatted(String.join(", ", names), condition))) {
      while (rows.next()) {
        sessions.add(rows.getString(1) + ", " + rows.getString(2) + ": " + rows.getString(3));
      }
    }
    return sessions;
  }

  private Map<Long, List<Integer>> stored() throws SQLException {
    Map<Long, List<Integer>> stored = new HashMap<>();
    for (int i = 0; i < TENANTS; i++) {
      try (Connection connection = DriverManager.getConnection(urls.get(i));
          Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery("SELECT id FROM token UNION ALL SELECT id FROM late")) {
        while (rows.next()) {
          stored.computeIfAbsent(rows.getLong(1), any -> new ArrayList<>(1)).add(i);
        }
      }
    }
    return stored;
  }
}
