package dev.headgate.benchmarks.budget;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.headgate.benchmarks.harness.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** A pool of HikariCP's for each database, as small as can be: two connections, and none idle. */
final class PlainPools implements Side {

  private static final int SIZE = 2;

  private final Postgres server;
  private final Databases databases;
  private final ConcurrentMap<Integer, HikariDataSource> pools = new ConcurrentHashMap<>();

  PlainPools(Postgres server, Databases databases) {
    this.server = server;
    this.databases = databases;
  }

  @Override
  public String name() {
    return "a HikariCP pool each";
  }

  @Override
  public void with(int database, Work work) throws SQLException {
    try (Connection connection = pools.computeIfAbsent(database, this::pool).getConnection()) {
      work.with(connection);
    }
  }

  private HikariDataSource pool(int database) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.url(databases.name(database)));
    config.setUsername(Postgres.USER);
    config.setMaximumPoolSize(SIZE);
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(5));
    return new HikariDataSource(config);
  }

  @Override
  public void close() {
    pools.values().forEach(HikariDataSource::close);
  }
}
