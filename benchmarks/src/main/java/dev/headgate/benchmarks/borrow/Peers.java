package dev.headgate.benchmarks.borrow;

import com.baomidou.dynamic.datasource.DynamicRoutingDataSource;
import dev.headgate.benchmarks.harness.BareDriver;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Everyone who can get a connection of the right one among so many tenants. Headgate has its own
 * pools; the others share theirs, and run in turn. Each is asked by a key that is there already.
 */
final class Peers implements AutoCloseable {

  /** Where benchmarks find theirs: JMH makes them itself, and anew for each run. */
  private static final Map<String, Peers> OPEN = new ConcurrentHashMap<>();

  final HikariPools hikari;
  final SpringRouting spring;
  final DynamicRoutingDataSource dynamic;
  final RoutingDataSource headgate;
  private final String key;
  private final List<String> names;
  private final List<TenantId> tenants;

  private Peers(int count, Transactions transactions) throws SQLException {
    key = key(count, transactions);
    names = IntStream.range(0, count).mapToObj(Peers::name).toList();
    tenants = names.stream().map(TenantId::of).toList();
    hikari = HikariPools.open(count, transactions == Transactions.NONE);
    Map<Object, Object> byName = new HashMap<>();
    dynamic = new DynamicRoutingDataSource(List.of());
    Map<String, Database> databases = new HashMap<>();
    for (int i = 0; i < count; i++) {
      byName.put(names.get(i), hikari.of(i));
      dynamic.addDataSource(names.get(i), hikari.of(i));
      databases.put(names.get(i), Database.of(BareDriver.url(names.get(i))));
    }
    spring = new SpringRouting(byName);
    headgate =
        RoutingDataSource.builder(TenantDirectory.of(databases))
            .transactions(transactions)
            .maximumPools(count)
            .idleExpiry(Duration.ofDays(1))
            .pool(
                PoolSettings.defaults()
                    .withMaximumSize(HikariPools.SIZE)
                    .withBorrowTimeout(Duration.ofSeconds(30))
                    .withMaximumLifetime(HikariPools.LIFETIME)
                    .withIdleTimeout(HikariPools.IDLE_TIMEOUT))
            .build();
    for (TenantId tenant : tenants) {
      HikariPools.openAll(headgate.forTenant(tenant));
    }
  }

  static Peers open(int count, Transactions transactions) throws SQLException {
    Peers peers = new Peers(count, transactions);
    OPEN.put(peers.key, peers);
    return peers;
  }

  /** Returns those that were opened, and not closed yet. */
  static Peers of(int count, Transactions transactions) {
    return Objects.requireNonNull(OPEN.get(key(count, transactions)), "not open");
  }

  private static String key(int count, Transactions transactions) {
    return count + " " + transactions;
  }

  static String name(int tenant) {
    return "t" + tenant;
  }

  String nameOf(int tenant) {
    return names.get(tenant);
  }

  TenantId idOf(int tenant) {
    return tenants.get(tenant);
  }

  @Override
  public void close() {
    OPEN.remove(key);
    headgate.close();
    hikari.close();
  }
}
