package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A thousand schemas on one pool of ten connections: many threads write, each unit of work into a
 * schema at random, commit or roll back, and in the end each schema has exactly its own.
 */
@Tag("long")
class ManySchemasTest {

  private static final int SCHEMAS = 1000;
  private static final int CONNECTIONS = 10;

  /** More than there are connections, so that every connection goes from hand to hand. */
  private static final int THREADS = 16;

  private static final int UNITS = Boolean.getBoolean("headgate.stress") ? 100_000 : 6_000;

  private final AtomicIntegerArray expected = new AtomicIntegerArray(SCHEMAS);

  @FunctionalInterface
  private interface Part {
    Database of(Database database, String name);
  }

  @Test
  void h2() throws Exception {
    Database database = Tenants.newH2();
    List<String> script = new ArrayList<>();
    for (int i = 0; i < SCHEMAS; i++) {
      script.add("CREATE SCHEMA \"t-%d\"".formatted(i));
      script.add("CREATE TABLE \"t-%d\".note (tenant INT, text VARCHAR(100))".formatted(i));
    }
    run(database, Database::withSchema, '"', script);
  }

  @Test
  void postgres() throws Exception {
    // In parts: one transaction may not lock so many tables.
    String script =
        """
        DO $$ BEGIN
          FOR i IN 0..%d LOOP
            EXECUTE format('DROP SCHEMA IF EXISTS "t-%%s" CASCADE', i);
            EXECUTE format('CREATE SCHEMA "t-%%s"', i);
            EXECUTE format('CREATE TABLE "t-%%s".note (tenant INT, text VARCHAR(100))', i);
            IF i %% 100 = 0 THEN COMMIT; END IF;
          END LOOP;
        END $$
        """
            .formatted(SCHEMAS - 1);
    run(PostgresServer.database("many"), Database::withSchema, '"', List.of(script));
  }

  @Test
  void mariaDb() throws Exception {
    String script =
        """
        BEGIN NOT ATOMIC
          FOR i IN 0..%d DO
            EXECUTE IMMEDIATE CONCAT('CREATE OR REPLACE DATABASE `t-', i, '`');
            EXECUTE IMMEDIATE CONCAT(
              'CREATE TABLE `t-', i, '`.note (tenant INT, text VARCHAR(100))');
          END FOR;
        END
        """
            .formatted(SCHEMAS - 1);
    Database database = MariaDbServer.shared().database("many");
    run(database, Database::withCatalog, '`', List.of(script));
  }

  private void run(Database database, Part part, char quote, List<String> script) throws Exception {
    TenantDirectory directory =
        tenant ->
            Optional.of(tenant.value().equals("house") ? database : part.of(database, tenant + ""));
    try (RoutingDataSource dataSource =
        RoutingDataSource.builder(directory)
            .pool(
                PoolSettings.defaults()
                    .withMaximumSize(CONNECTIONS)
                    .withBorrowTimeout(Duration.ofMinutes(1)))
            .build()) {
      try (Connection connection = house(dataSource);
          Statement statement = connection.createStatement()) {
        for (String sql : script) {
          statement.execute(sql);
        }
      }
      write(dataSource);
      assertThat(dataSource.snapshot().totals().made()).isEqualTo(1);
      assertThat(dataSource.snapshot().pools())
          .singleElement()
          .satisfies(pool -> assertThat(pool.idle() + pool.active()).isBetween(1, CONNECTIONS));
      try (Connection connection = house(dataSource)) {
        assertExact(connection, quote);
      }
    }
  }

  private static Connection house(RoutingDataSource dataSource) throws SQLException {
    return dataSource.forTenant(TenantId.of("house")).getConnection();
  }

  private void write(RoutingDataSource dataSource) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(i);
        running.add(
            threads.submit(
                () -> {
                  for (int unit = 0; unit < UNITS / THREADS; unit++) {
                    work(dataSource, random);
                  }
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void work(RoutingDataSource dataSource, Random random) throws SQLException {
    int schema = random.nextInt(SCHEMAS);
    int rows = 1 + random.nextInt(2);
    try (UnitOfWork work = dataSource.begin(TenantId.of("t-" + schema))) {
      for (int i = 0; i < rows; i++) {
        try (Connection connection = dataSource.getConnection();
            PreparedStatement insert =
                connection.prepareStatement("INSERT INTO note VALUES (?, ?)")) {
          insert.setInt(1, schema);
          insert.setString(2, "a note");
          insert.executeUpdate();
        }
      }
      if (random.nextInt(4) > 0) {
        work.commit();
        expected.addAndGet(schema, rows);
      }
    }
  }

  private void assertExact(Connection connection, char quote) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (int i = 0; i < SCHEMAS; i++) {
        String sql =
            "SELECT COUNT(*), COUNT(CASE WHEN tenant <> %2$d THEN 1 END) FROM %1$ct-%2$d%1$c.note"
                .formatted(quote, i);
        try (ResultSet counts = statement.executeQuery(sql)) {
          counts.next();
          assertThat(counts.getInt(1)).as("rows of t-%d", i).isEqualTo(expected.get(i));
          assertThat(counts.getInt(2)).as("rows of others in t-%d", i).isZero();
        }
      }
    }
  }
}
