package dev.headgate.benchmarks.borrow;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.headgate.benchmarks.harness.BareDriver;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** HikariCP's pools by themselves, one for each tenant, each with all its connections open. */
final class HikariPools implements AutoCloseable {

  /** As many as there are threads. */
  static final int SIZE = 2;

  static final Duration IDLE_TIMEOUT = Duration.ofHours(2);
  static final Duration LIFETIME = Duration.ofHours(3);

  /** Shared: each would have a thread of its own otherwise, ten thousand in all. */
  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);

  private final List<HikariDataSource> pools;

  private HikariPools(int tenants, boolean autoCommit) {
    pools = IntStream.range(0, tenants).mapToObj(tenant -> pool(tenant, autoCommit)).toList();
  }

  static HikariPools open(int tenants, boolean autoCommit) throws SQLException {
    HikariPools opened = new HikariPools(tenants, autoCommit);
    for (HikariDataSource pool : opened.pools) {
      openAll(pool);
    }
    return opened;
  }

  /** Opens all connections of a pool: none has to be opened while it is measured. */
  static void openAll(DataSource pool) throws SQLException {
    List<Connection> open = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      open.add(pool.getConnection());
    }
    for (Connection connection : open) {
      connection.close();
    }
  }

  private HikariDataSource pool(int tenant, boolean autoCommit) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(BareDriver.url(Peers.name(tenant)));
    config.setMaximumPoolSize(SIZE);
    config.setMinimumIdle(1);
    config.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    config.setMaxLifetime(LIFETIME.toMillis());
    config.setKeepaliveTime(0);
    config.setAutoCommit(autoCommit);
    config.setScheduledExecutor(scheduler);
    return new HikariDataSource(config);
  }

  HikariDataSource of(int tenant) {
    return pools.get(tenant);
  }

  @Override
  public void close() {
    pools.forEach(HikariDataSource::close);
    scheduler.shutdownNow();
  }
}
