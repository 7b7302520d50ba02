package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers of pools and servers in Micrometer. */
class PoolMetersTest {

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final FakeClock clock = new FakeClock();
  private StubPools pools =
      new StubPools(
          PoolRegistry.builder()
              .maximumPools(2000)
              .budget("s", 2)
              .closeTimeout(Duration.ofMillis(100))
              .settings(PoolSettings.defaults().withMaximumSize(2)),
          "s");

  @AfterEach
  void close() {
    pools.close();
  }

  private PoolMeters bind() {
    var bound = new PoolMeters(pools.registry::snapshot, Tags.empty(), clock);
    bound.bindTo(meters);
    return bound;
  }

  /** Returns what all meters say, by name and tags, save for those that say 0. */
  private Map<String, Double> values() {
    clock.advance(Duration.ofSeconds(1));
    Map<String, Double> values = new TreeMap<>();
    for (Meter meter : meters.getMeters()) {
      String tags =
          meter.getId().getTags().stream()
              .map(tag -> " " + tag.getValue())
              .collect(Collectors.joining());
      double value = meter.measure().iterator().next().getValue();
      if (value != 0) {
        values.put(meter.getId().getName().substring("headgate.".length()) + tags, value);
      }
    }
    return values;
  }

  private void use(String name) throws SQLException {
    try (Lease lease = pools.lease(name)) {
      lease.getConnection().close();
    }
  }

  @Test
  void meters_haveTheNumbersOfTheSnapshot() throws SQLException {
    use("a");
    use("b");
    pools.registry.retire(pools.database("a"));
    bind();
    try (Lease lease = pools.lease("c");
        Connection busy = lease.getConnection()) {
      assertThat(values())
          .containsEntry("pools open", 2.0)
          .containsEntry("pools.made", 3.0)
          .containsEntry("pools.evicted requested", 1.0)
          .containsEntry("leases", 1.0)
          .containsEntry("connections active", 1.0)
          .containsEntry("server.budget s", 2.0)
          .containsEntry("server.busy s", 1.0)
          .doesNotContainKeys("pools draining", "waiting", "server.waiting s", "events.dropped");
    }
  }

  @Test
  void aThousandTenants_haveAsManyMetersAsOne() throws SQLException {
    pools.use("a");
    bind();
    values();
    int before = meters.getMeters().size();
    for (int i = 0; i < 1000; i++) {
      pools.registry.lease(pools.database("tenant" + i), "tenant" + i).close();
    }
    assertThat(values()).containsEntry("pools open", 1001.0);
    assertThat(meters.getMeters()).hasSize(before).hasSizeGreaterThan(15);
  }

  @Test
  void aThousandServers_haveTheMetersOfFiftyAndTheirSum() throws SQLException {
    bind();
    for (int i = 0; i < 1000; i++) {
      pools
          .registry
          .lease(Database.builder(pools.stub("t" + i).url()).server("server" + i).build())
          .close();
    }
    values();
    Map<String, Double> values = values();
    List<String> budgets =
        values.keySet().stream().filter(key -> key.startsWith("server.budget")).toList();
    assertThat(budgets).hasSize(PoolMeters.MOST_SERVERS + 1).contains("server.budget others");
    assertThat(values).containsEntry("server.budget others", 950 * 80.0);
  }

  @Test
  void aNewServer_hasMetersFromTheSecondReadingOn() throws SQLException {
    bind();
    pools.use("a");
    values();
    assertThat(values()).containsEntry("server.budget s", 2.0);
  }

  @Test
  void manyReadings_takeOneSnapshotASecond() {
    var taken = new AtomicInteger();
    var bound =
        new PoolMeters(
            () -> {
              taken.incrementAndGet();
              return pools.registry.snapshot();
            },
            Tags.empty(),
            clock);
    bound.bindTo(meters);
    int before = taken.get();
    values();
    assertThat(taken.get()).isEqualTo(before + 1);
  }

  @Test
  void meters_areThereWhenNobodyElseKnowsThem() throws SQLException {
    use("a");
    bind();
    System.gc();
    assertThat(values()).containsEntry("pools.made", 1.0);
  }

  @Test
  void closed_noMeterIsLeft() throws SQLException {
    use("a");
    PoolMeters bound = bind();
    bound.close();
    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  void tags_tellDataSourcesApart() throws SQLException {
    pools.use("a");
    for (String name : List.of("one", "two")) {
      new PoolMeters(pools.registry::snapshot, Tags.of("data-source", name)).bindTo(meters);
    }
    assertThat(meters.get("headgate.pools.made").tag("data-source", "two").functionCounter())
        .isNotNull();
    assertThat(meters.find("headgate.pools.made").functionCounters()).hasSize(2);
  }

  /** Uses a pool in a JVM of its own, and says whether there is Micrometer. */
  public static final class WithoutMicrometer {

    public static void main(String[] arguments) throws Exception {
      try (PoolRegistry registry =
              PoolRegistry.builder().listener(event -> {}).budget("s", 10).build();
          Lease lease = registry.lease(Database.of("jdbc:h2:mem:a"));
          Connection connection = lease.getConnection()) {
        System.out.println("valid " + connection.isValid(1));
        System.out.println("pools " + registry.snapshot().pools().size());
      }
      try {
        System.out.println(PoolMeters.class.getMethods().length);
      } catch (NoClassDefFoundError e) {
        System.out.println("absent " + e.getMessage());
      }
    }
  }

  @Test
  void withoutMicrometer_allElseWorks(@TempDir Path folder) throws Exception {
    List<Path> classPath =
        ForkedJava.classPath().stream()
            .filter(path -> !path.toString().contains("micrometer"))
            .toList();
    assertThat(
            ForkedJava.run(
                folder,
                classPath,
                Duration.ofMinutes(1),
                List.of(WithoutMicrometer.class.getName())))
        .contains("valid true", "pools 1", "absent io/micrometer/core/instrument");
  }
}
