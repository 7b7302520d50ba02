package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {

  private static final TenantId ACME = TenantId.of("acme");
  private static final int THREADS = 16;

  @TempDir Path folder;

  @Test
  void ensure_byManyThreads_createsOnce() throws Exception {
    String url = "jdbc:h2:file:" + folder.resolve("acme") + ";QUERY_STATISTICS=TRUE";
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (RoutingDataSource dataSource = dataSource(url, Duration.ofSeconds(30))) {
      var schema = new Schema(dataSource);
      var together = new CyclicBarrier(THREADS);
      List<Future<Long>> counts = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        counts.add(
            threads.submit(
                () -> {
                  together.await();
                  return dataSource.call(
                      ACME,
                      work -> {
                        schema.ensure(work);
                        return number(dataSource.getConnection(), "SELECT count(*) FROM note");
                      });
                }));
      }
      for (Future<Long> count : counts) {
        assertThat(count.get()).isZero();
      }
      assertThat(
              number(
                  dataSource.forTenant(ACME).getConnection(),
                  """
                  SELECT execution_count FROM information_schema.query_statistics
                  WHERE sql_statement LIKE 'CREATE TABLE%'
                  """))
          .isEqualTo(1);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void ensure_afterAFailure_triesAgain() throws Exception {
    String url = "jdbc:h2:file:" + folder.resolve("acme");
    try (RoutingDataSource dataSource = dataSource(url + ";IFEXISTS=TRUE", Duration.ofSeconds(3))) {
      var schema = new Schema(dataSource);
      try (UnitOfWork work = dataSource.begin(ACME)) {
        assertThatExceptionOfType(SQLException.class)
            .isThrownBy(() -> schema.ensure(work))
            .withMessageContaining("acme");
      }
      DriverManager.getConnection(url).close();
      try (UnitOfWork work = dataSource.begin(ACME)) {
        schema.ensure(work);
        assertThat(number(dataSource.getConnection(), "SELECT count(*) FROM note")).isZero();
      }
    }
  }

  private static RoutingDataSource dataSource(String url, Duration borrowTimeout) {
    return RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", Database.of(url))))
        .pool(
            PoolSettings.defaults()
                .withMaximumSize(1)
                .withWaitingPerConnection(THREADS)
                .withBorrowTimeout(borrowTimeout))
        .build();
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (connection;
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
