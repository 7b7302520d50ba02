package dev.headgate.datasource.pool;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of all pools together, and of each server, as meters of Micrometer, which has to be
 * there for this class alone.
 *
 * <pre>{@code
 * new PoolMeters(dataSource::snapshot).bindTo(meterRegistry);
 * }</pre>
 *
 * <p>How many meters there are does not depend on the number of pools or tenants: there is none of
 * a pool, and of servers beyond the first {@value #MOST_SERVERS} there are sums under the name
 * {@value #OTHER_SERVERS}. Those of a new server are there from the second reading on. A snapshot
 * is taken at most once a second, when a meter is read.
 *
 * <p>Safe for use by many threads.
 */
@SuppressWarnings("exports") // Whoever names a MeterRegistry requires its module already.
public final class PoolMeters implements MeterBinder, AutoCloseable {

  /** Of so many servers there are meters of their own. */
  static final int MOST_SERVERS = 50;

  /** What the sums of the servers beyond them are called. */
  static final String OTHER_SERVERS = "others";

  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private record Bound(MeterRegistry registry, Meter meter) {}

  private record Look(RegistrySnapshot snapshot, long at) {}

  private final Supplier<RegistrySnapshot> snapshots;
  private final Tags tags;
  private final LongSupplier nanoClock;
  private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();
  private final List<Bound> bound = new CopyOnWriteArrayList<>();

  /** The servers that have meters, or share those of the others. */
  private final Map<String, Boolean> servers = new ConcurrentHashMap<>();

  private volatile @Nullable Look last;

  /** Makes meters of these snapshots, such as {@code dataSource::snapshot}. */
  public PoolMeters(Supplier<RegistrySnapshot> snapshots) {
    this(snapshots, Tags.empty());
  }

  /**
   * Makes meters of these snapshots.
   *
   * @param tags of each meter, which tell several data sources of an application apart
   */
  public PoolMeters(Supplier<RegistrySnapshot> snapshots, Iterable<Tag> tags) {
    this(snapshots, tags, System::nanoTime);
  }

  PoolMeters(Supplier<RegistrySnapshot> snapshots, Iterable<Tag> tags, LongSupplier nanoClock) {
    this.snapshots = snapshots;
    this.tags = Tags.of(tags);
    this.nanoClock = nanoClock;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    snapshot();
    registries.add(registry);
    Numbers numbers = new Numbers(registry, tags);
    for (PoolPhase phase : List.of(PoolPhase.OPEN, PoolPhase.DRAINING)) {
      numbers
          .with("phase", phase.name())
          .gauge(
              "headgate.pools",
              "Pools that there are",
              meters -> meters.pools(pool -> pool.phase() == phase ? 1 : 0));
    }
    numbers.gauge("headgate.leases", "Leases held", m -> m.pools(PoolSnapshot::leases));
    numbers
        .with("state", "active")
        .gauge("headgate.connections", "Connections", m -> m.pools(PoolSnapshot::active));
    numbers
        .with("state", "idle")
        .gauge("headgate.connections", "Connections", m -> m.pools(PoolSnapshot::idle));
    numbers.gauge(
        "headgate.waiting", "Threads that wait for one", m -> m.pools(PoolSnapshot::waiting));
    numbers.gauge(
        "headgate.connections.overdue",
        "Connections that are held longer than is to be reported",
        m -> m.snapshot().held().size());
    numbers.counter("headgate.pools.made", "Pools made", m -> m.totals().made());
    for (EvictionReason reason : EvictionReason.values()) {
      numbers
          .with("reason", reason.name())
          .counter(
              "headgate.pools.evicted",
              "Pools evicted",
              m -> m.totals().evictedFor().getOrDefault(reason, 0L));
    }
    numbers.counter("headgate.pools.expired", "Pools expired", m -> m.totals().expired());
    numbers.counter("headgate.pools.revived", "Pools revived", m -> m.totals().revived());
    numbers.counter("headgate.pools.closed", "Pools closed", m -> m.totals().closed());
    numbers.counter(
        "headgate.events.dropped",
        "Events that no listener has heard",
        m -> m.totals().droppedEvents());
    servers.keySet().stream().map(this::shown).distinct().forEach(each -> server(registry, each));
  }

  /** Removes what was bound, from every registry. */
  @Override
  public void close() {
    registries.clear();
    for (Bound each : bound) {
      each.registry().remove(each.meter());
    }
    bound.clear();
  }

  /** Meters of one registry, with the same tags. */
  private final class Numbers {

    private final MeterRegistry registry;
    private final Tags tagged;

    Numbers(MeterRegistry registry, Tags tagged) {
      this.registry = registry;
      this.tagged = tagged;
    }

    Numbers with(String key, String value) {
      return new Numbers(registry, tagged.and(key, value.toLowerCase(Locale.ROOT)));
    }

    void gauge(String name, String description, ToDoubleFunction<PoolMeters> value) {
      add(
          Gauge.builder(name, PoolMeters.this, value)
              .description(description)
              .tags(tagged)
              // It holds what the counters refer to, for which Micrometer knows weak ones alone.
              .strongReference(true)
              .register(registry));
    }

    void counter(String name, String description, ToDoubleFunction<PoolMeters> value) {
      add(
          FunctionCounter.builder(name, PoolMeters.this, value)
              .description(description)
              .tags(tagged)
              .register(registry));
    }

    private void add(Meter meter) {
      bound.add(new Bound(registry, meter));
    }
  }

  private void server(MeterRegistry registry, String name) {
    Numbers numbers = new Numbers(registry, tags.and("server", name));
    numbers.gauge(
        "headgate.server.budget",
        "Connections that may be open there",
        m -> m.servers(name, ServerSnapshot::budget));
    numbers.gauge(
        "headgate.server.open",
        "Connections that are open there",
        m -> m.servers(name, ServerSnapshot::open));
    numbers.gauge(
        "headgate.server.busy",
        "Connections of these that are not idle",
        m -> m.servers(name, ServerSnapshot::busy));
    numbers.gauge(
        "headgate.server.waiting",
        "Threads that wait for one",
        m -> m.servers(name, ServerSnapshot::waiting));
    numbers.counter(
        "headgate.server.reclaimed",
        "Idle connections given up for others",
        m -> m.servers(name, ServerSnapshot::reclaimed));
    numbers.counter(
        "headgate.server.exhausted",
        "Waits since the budget was used up",
        m -> m.servers(name, ServerSnapshot::exhausted));
  }

  private double pools(ToDoubleFunction<PoolSnapshot> number) {
    return snapshot().pools().stream().mapToDouble(number).sum();
  }

  private double servers(String name, ToDoubleFunction<ServerSnapshot> number) {
    return snapshot().servers().stream()
        .filter(server -> shown(server.name()).equals(name))
        .mapToDouble(number)
        .sum();
  }

  private RegistrySnapshot.Totals totals() {
    return snapshot().totals();
  }

  private RegistrySnapshot snapshot() {
    Look look = last;
    long now = nanoClock.getAsLong();
    if (look == null || now - look.at() >= FRESH_NANOS) {
      look = new Look(snapshots.get(), now);
      last = look;
      for (ServerSnapshot server : look.snapshot().servers()) {
        if (meet(server.name())) {
          registries.forEach(registry -> server(registry, shown(server.name())));
        }
      }
    }
    return look.snapshot();
  }

  /** Returns whether a server is a new one that has to have meters. */
  private boolean meet(String server) {
    if (servers.containsKey(server)) {
      return false;
    }
    synchronized (this) {
      boolean own = servers.size() < MOST_SERVERS;
      boolean firstOther = servers.size() == MOST_SERVERS;
      return servers.putIfAbsent(server, own) == null && (own || firstOther);
    }
  }

  private String shown(String server) {
    return servers.getOrDefault(server, false) ? server : OTHER_SERVERS;
  }
}
