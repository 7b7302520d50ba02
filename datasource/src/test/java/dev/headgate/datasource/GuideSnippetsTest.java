package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolMeters;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.datasource.pool.RegistrySnapshot;
import dev.headgate.datasource.pool.ServerSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Java of the guides, and of docs/units-of-work.md and docs/watching.md. */
class GuideSnippetsTest {

  private static final TenantId ACME = TenantId.of("acme");

  private final String run = UUID.randomUUID().toString();
  private final String url = url("one");
  private final String usersUrl = url("users");
  private final Map<String, String> urls = Map.of("acme", url);
  private RoutingDataSource dataSource;

  private String url(String name) {
    return "jdbc:h2:mem:%s-%s;DB_CLOSE_DELAY=-1".formatted(name, run);
  }

  /** A table of notes in the current unit of work's database. */
  private record Notes(DataSource dataSource) {

    void add(String text) throws SQLException {
      insert(dataSource, "INSERT INTO note VALUES (?)", text);
    }

    int count() throws SQLException {
      try (Connection connection = dataSource.getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT count(*) FROM note")) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  private static void insert(DataSource target, String sql, String value) throws SQLException {
    try (Connection connection = target.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, value);
      statement.executeUpdate();
    }
  }

  @BeforeEach
  void create() throws SQLException {
    for (String each : new String[] {url, usersUrl}) {
      try (Connection connection = java.sql.DriverManager.getConnection(each);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE note (text VARCHAR(100))");
        statement.execute("CREATE TABLE app_user (name VARCHAR(100))");
      }
    }
  }

  @AfterEach
  void close() {
    if (dataSource != null) {
      dataSource.close();
    }
  }

  /** What the guide replaces, as a class that would stand in a file of its own. */
  @SuppressWarnings("ClassCanBeStatic")
  private static final class WithPools {

    private static Map<String, String> urls;

    // snippet
    final class Pools {

      private final Map<String, HikariDataSource> pools = new ConcurrentHashMap<>();

      Connection connection(String tenant) throws SQLException {
        return pools.computeIfAbsent(tenant, this::make).getConnection();
      }

      private HikariDataSource make(String tenant) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(urls.get(tenant));
        config.setMaximumPoolSize(10);
        return new HikariDataSource(config);
      }
    }
    // end of snippet
  }

  @Test
  void aMapOfPools_isReplaced() throws SQLException {
    WithPools.urls = urls;
    WithPools.Pools before = new WithPools().new Pools();
    try (Connection connection = before.connection("acme")) {
      assertThat(connection.isValid(1)).isTrue();
    }
    before.pools.values().forEach(HikariDataSource::close);

    // snippet
    RoutingDataSource dataSource =
        RoutingDataSource.builder(
                tenant -> Optional.ofNullable(urls.get(tenant.value())).map(Database::of))
            .pool(PoolSettings.defaults().withMaximumSize(10))
            .build();
    // end of snippet
    this.dataSource = dataSource;
    Notes notes = new Notes(dataSource);
    // snippet
    int count = dataSource.call(TenantId.of("acme"), work -> notes.count());
    // end of snippet
    assertThat(count).isZero();
  }

  /** What becomes of a view with binds. */
  private static final class Registration {

    private final RoutingDataSource dataSource;

    Registration(RoutingDataSource dataSource) {
      this.dataSource = dataSource;
    }

    // snippet
    void register(String name) throws SQLException {
      insert(dataSource.bind("users"), "INSERT INTO app_user VALUES (?)", name);
      insert(dataSource, "INSERT INTO note VALUES (?)", "of " + name);
    }
    // end of snippet
  }

  @Test
  void aViewWithBinds_isReplaced() throws SQLException {
    // snippet
    RoutingDataSource dataSource =
        RoutingDataSource.builder(Database.of(url)).bind("users", Database.of(usersUrl)).build();
    // end of snippet
    this.dataSource = dataSource;
    Registration registration = new Registration(dataSource);
    dataSource.call(
        TenantId.ONLY,
        work -> {
          registration.register("ann");
          return null;
        });
    int notes = dataSource.call(TenantId.ONLY, work -> new Notes(dataSource).count());
    assertThat(notes).isEqualTo(1);
    assertThatThrownBy(() -> registration.register("bob"))
        .isInstanceOf(NoUnitOfWorkException.class);
  }

  @Test
  void aJob_isAUnitOfWork() throws SQLException {
    dataSource =
        RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", Database.of(url)))).build();
    Notes notes = new Notes(dataSource);
    TenantId tenant = ACME;
    // snippet
    try (UnitOfWork work = dataSource.begin(tenant)) {
      notes.add("from a job");
      work.commit();
    }
    // end of snippet
    int count = dataSource.call(tenant, work -> notes.count());
    assertThat(count).isEqualTo(1);
  }

  @Test
  void tasks_areWrapped() throws Exception {
    dataSource = RoutingDataSource.builder(Database.of(url)).build();
    Notes notes = new Notes(dataSource);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (UnitOfWork request = dataSource.begin(TenantId.ONLY)) {
      // snippet
      ExecutorService executor = dataSource.wrap(threads);
      Future<Integer> count = executor.submit(() -> notes.count());
      // end of snippet
      notes.add("not seen by the task");
      assertThat(count.get(10, TimeUnit.SECONDS)).isZero();
      request.commit();
    } finally {
      threads.shutdownNow();
    }
  }

  /** A job of the application's, which says itself which thread works on it. */
  private record Job(String id) {

    private static final ThreadLocal<Job> current = new ThreadLocal<>();

    static Optional<Job> current() {
      return Optional.ofNullable(current.get());
    }
  }

  @Test
  void aScope_isTheApplications() throws Exception {
    TenantDirectory directory = TenantDirectory.of(Map.of("acme", Database.of(url)));
    // snippet
    RoutingDataSource dataSource =
        RoutingDataSource.builder(directory)
            .scope(() -> Job.current().map(Job::id).orElse(null))
            .build();
    // end of snippet
    this.dataSource = dataSource;
    Notes notes = new Notes(dataSource);
    Job.current.set(new Job("1"));
    UnitOfWork work = dataSource.begin(ACME);
    notes.add("on this thread");
    Job.current.remove();
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      int seen =
          other
              .submit(
                  () -> {
                    Job.current.set(new Job("1"));
                    notes.add("on the other");
                    return notes.count();
                  })
              .get(10, TimeUnit.SECONDS);
      assertThat(seen).isEqualTo(2);
    } finally {
      other.shutdownNow();
    }
    work.finish();
  }

  @Test
  void transactions_areTheApplications() throws SQLException {
    TenantDirectory directory = TenantDirectory.of(Map.of("acme", Database.of(url)));
    // snippet
    RoutingDataSource dataSource =
        RoutingDataSource.builder(directory).transactions(Transactions.NONE).build();
    // end of snippet
    this.dataSource = dataSource;
    Notes notes = new Notes(dataSource);
    assertThatThrownBy(
            () ->
                dataSource.call(
                    ACME,
                    work -> {
                      notes.add("stored at once");
                      throw new IllegalStateException("later");
                    }))
        .hasMessage("later");
    int count = dataSource.call(ACME, work -> notes.count());
    assertThat(count).isEqualTo(1);
  }

  @Test
  void thePools_areWatched() throws Exception {
    TenantDirectory directory = TenantDirectory.of(Map.of("acme", Database.of(url)));
    Logger log = LoggerFactory.getLogger(GuideSnippetsTest.class);
    MeterRegistry meterRegistry = new SimpleMeterRegistry();
    // snippet
    RoutingDataSource dataSource =
        RoutingDataSource.builder(directory)
            .listener(event -> log.info("{} {} {}", event.kind(), event.pool(), event.labels()))
            .build();
    // end of snippet
    this.dataSource = dataSource;
    // snippet
    new PoolMeters(dataSource::snapshot).bindTo(meterRegistry);
    // end of snippet
    Notes notes = new Notes(dataSource);
    TenantId tenant = ACME;
    // snippet
    UnitOptions nightly = UnitOptions.defaults().named(() -> "nightly report");
    try (UnitOfWork work = dataSource.begin(tenant, nightly)) {
      notes.add("from a job");
      work.commit();
    }
    // end of snippet
    // snippet
    RegistrySnapshot snapshot = dataSource.snapshot();
    for (ServerSnapshot server : snapshot.servers()) {
      log.info(
          "{}: {} of {} open, {} busy, {} waiting",
          server.name(),
          server.open(),
          server.budget(),
          server.busy(),
          server.waiting());
    }
    // end of snippet
    assertThat(snapshot.pools()).hasSize(1);
    assertThat(meterRegistry.get("headgate.pools.made").functionCounter()).isNotNull();
  }
}
