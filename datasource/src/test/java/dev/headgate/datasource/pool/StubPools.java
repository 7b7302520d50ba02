package dev.headgate.datasource.pool;

import dev.headgate.faults.StubDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A registry with stub databases by short names, and a clock that moves on by a second with every
 * lease, so that "least recently" is certain.
 */
final class StubPools implements AutoCloseable {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  final FakeClock clock = new FakeClock();
  final PoolRegistry registry;
  private final Map<String, StubDatabase> databases = new LinkedHashMap<>();
  private final @Nullable String server;

  StubPools(PoolRegistry.Builder builder) {
    this(builder, null);
  }

  /** With all of them on one server. */
  StubPools(PoolRegistry.Builder builder, @Nullable String server) {
    this.registry = builder.nanoClock(clock).build();
    this.server = server;
  }

  static StubPools bound(int maximumPools) {
    return new StubPools(
        PoolRegistry.builder().maximumPools(maximumPools).closeTimeout(Duration.ofMillis(100)));
  }

  /** Returns the stub of that name; it is created when it is first asked for. */
  StubDatabase stub(String name) {
    return databases.computeIfAbsent(
        name, absent -> StubDatabase.create(absent + "-" + NUMBER.incrementAndGet()));
  }

  Database database(String name) {
    Database.Builder database = Database.builder(stub(name).url());
    if (server != null) {
      database.server(server);
    }
    return database.build();
  }

  Lease lease(String name) throws SQLException {
    clock.advance(Duration.ofSeconds(1));
    return registry.lease(database(name));
  }

  /** Leases the pools one after the other and gives each back at once. */
  void use(String... names) throws SQLException {
    for (String name : names) {
      lease(name).close();
    }
  }

  /** Returns the short names of the databases whose pool is in that phase, in their order. */
  List<String> in(PoolPhase phase) {
    List<String> urls =
        registry.snapshot().pools().stream()
            .filter(pool -> pool.phase() == phase)
            .map(pool -> pool.database().url())
            .toList();
    List<String> names = new ArrayList<>();
    databases.forEach(
        (name, stub) -> {
          if (urls.contains(stub.url())) {
            names.add(name);
          }
        });
    return names;
  }

  /** Returns the one pool of a database. */
  PoolSnapshot pool(String name) {
    List<PoolSnapshot> found =
        registry.snapshot().pools().stream()
            .filter(pool -> pool.database().url().equals(stub(name).url()))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError("there are %d pools of %s".formatted(found.size(), name));
    }
    return found.get(0);
  }

  @Override
  public void close() {
    registry.close();
    databases.values().forEach(StubDatabase::close);
  }
}
