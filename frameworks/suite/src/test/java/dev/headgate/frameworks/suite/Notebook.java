package dev.headgate.frameworks.suite;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Three tenants on a database, and all frameworks on one routing data source in front of them. */
final class Notebook implements AutoCloseable {

  static final TenantId ACME = TenantId.of("acme");
  static final TenantId GLOBEX = TenantId.of("globex");
  static final TenantId INITECH = TenantId.of("initech");
  static final List<TenantId> TENANTS = List.of(ACME, GLOBEX, INITECH);

  final Dbms dbms;
  final RoutingDataSource dataSource;
  private final Map<Kind, Framework> frameworks = new EnumMap<>(Kind.class);
  private final Map<Place, Stage> stages = new EnumMap<>(Place.class);

  Notebook(Dbms dbms, Transactions transactions) throws SQLException {
    this.dbms = dbms;
    Map<String, Database> databases = new LinkedHashMap<>();
    for (TenantId tenant : TENANTS) {
      databases.put(tenant.value(), dbms.database(tenant.value()));
    }
    dataSource =
        RoutingDataSource.builder(TenantDirectory.of(databases))
            .transactions(transactions)
            .pool(
                PoolSettings.defaults()
                    .withMaximumSize(10)
                    .withBorrowTimeout(Duration.ofSeconds(10)))
            .build();
    for (TenantId tenant : TENANTS) {
      execute(tenant, dbms.schema());
      execute(tenant, dbms.procedure());
    }
  }

  void execute(TenantId tenant, List<String> statements) throws SQLException {
    try (Connection connection = dataSource.forTenant(tenant).getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Returns the framework, which is started outside of any unit of work when first asked for. */
  Framework framework(Kind kind) throws Exception {
    Framework framework = frameworks.get(kind);
    if (framework == null) {
      framework = kind.start(dataSource, dbms);
      frameworks.put(kind, framework);
    }
    return framework;
  }

  Stage stage(Place place) throws Exception {
    Stage stage = stages.get(place);
    if (stage == null) {
      stage = place.open(dataSource);
      stages.put(place, stage);
    }
    return stage;
  }

  /** Returns what is stored for a tenant, oldest first, seen beside all units of work. */
  List<String> stored(TenantId tenant) throws SQLException {
    return new PlainJdbc(dataSource.forTenant(tenant)).bodies();
  }

  /** Adds ten notes for a tenant, beside all units of work; returns them. */
  List<String> addTen(TenantId tenant) throws SQLException {
    List<String> bodies = IntStream.range(0, 10).mapToObj(i -> "note " + i).toList();
    PlainJdbc notes = new PlainJdbc(dataSource.forTenant(tenant));
    for (String body : bodies) {
      notes.add(body);
    }
    return bodies;
  }

  void clear() throws SQLException {
    for (TenantId tenant : TENANTS) {
      execute(tenant, List.of("DELETE FROM note"));
    }
  }

  /** Returns how many leases are held now. */
  int leases() {
    return dataSource.snapshot().pools().stream().mapToInt(pool -> pool.leases()).sum();
  }

  @Override
  public void close() throws Exception {
    for (Stage stage : stages.values()) {
      stage.close();
    }
    frameworks.values().forEach(Framework::close);
    dataSource.close();
  }
}
