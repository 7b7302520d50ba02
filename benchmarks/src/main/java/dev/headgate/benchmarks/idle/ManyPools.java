package dev.headgate.benchmarks.idle;

import com.zaxxer.hikari.HikariDataSource;
import dev.headgate.benchmarks.harness.BareDriver;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A way to have a pool for each of many tenants. */
interface ManyPools extends AutoCloseable {

  /** Uses the pool of a tenant once, which is made for that if it is not there. */
  void use(int tenant) throws SQLException;

  /** Closes all that are there. */
  @Override
  void close();

  /** Makes pools of Headgate's, whose connections stay while it is measured. */
  static ManyPools headgate(int count) {
    List<String> names = IntStream.range(0, count).mapToObj(ManyPools::name).toList();
    List<TenantId> tenants = names.stream().map(TenantId::of).toList();
    RoutingDataSource dataSource =
        RoutingDataSource.builder(
                TenantDirectory.of(
                    names.stream()
                        .collect(
                            Collectors.toMap(
                                name -> name, name -> Database.of(BareDriver.url(name))))))
            .maximumPools(count)
            .idleExpiry(Duration.ofHours(1))
            .closeTimeout(Duration.ofMinutes(10))
            .pool(PoolSettings.defaults().withIdleTimeout(Duration.ofMinutes(20)))
            .build();
    return new ManyPools() {
      @Override
      public void use(int tenant) throws SQLException {
        try (UnitOfWork work = dataSource.begin(tenants.get(tenant))) {
          dataSource.getConnection().close();
          work.finish();
        }
      }

      @Override
      public void close() {
        dataSource.close();
      }
    };
  }

  /** Makes pools of HikariCP's as they are by default, of as many connections as they keep. */
  static ManyPools hikari() {
    Map<Integer, HikariDataSource> pools = new ConcurrentHashMap<>();
    return new ManyPools() {
      @Override
      public void use(int tenant) throws SQLException {
        HikariDataSource pool = pools.computeIfAbsent(tenant, key -> new HikariDataSource());
        pool.setJdbcUrl(BareDriver.url(name(tenant)));
        pool.getConnection().close();
      }

      @Override
      public void close() {
        pools.values().forEach(HikariDataSource::close);
      }
    };
  }

  private static String name(int tenant) {
    return "t" + tenant;
  }
}
