package dev.headgate.hibernate;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.SessionFactory;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.cfg.Configuration;

/** Two tenants with a notebook each, and a bootstrap database, behind a routing data source. */
final class Notebooks implements AutoCloseable {

  static final TenantId ACME = TenantId.of("acme");
  static final TenantId GLOBEX = TenantId.of("globex");
  static final TenantId BOOTSTRAP = TenantId.of("bootstrap");

  final RoutingDataSource dataSource;

  private Notebooks(Map<String, Database> databases, Transactions transactions)
      throws SQLException {
    dataSource =
        RoutingDataSource.builder(TenantDirectory.of(databases))
            .transactions(transactions)
            // A machine that is busy with other builds is not what is tested.
            .pool(PoolSettings.defaults().withBorrowTimeout(Duration.ofSeconds(30)))
            .bind("archive", tenant -> databases.get("archive-of-" + tenant))
            .bind("users", databases.get("users"))
            .build();
    for (TenantId tenant :
        List.of(
            ACME,
            GLOBEX,
            TenantId.of("archive-of-acme"),
            TenantId.of("archive-of-globex"),
            TenantId.of("users"))) {
      try (Connection connection = dataSource.forTenant(tenant).getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE IF EXISTS note");
        statement.execute("DROP SEQUENCE IF EXISTS note_seq");
        statement.execute("CREATE TABLE note (id BIGINT PRIMARY KEY, text VARCHAR(100))");
        statement.execute("CREATE SEQUENCE note_seq INCREMENT BY 50");
      }
    }
  }

  static Notebooks on(String database) throws SQLException {
    return on(database, Transactions.UNIT);
  }

  static Notebooks on(String database, Transactions transactions) throws SQLException {
    return switch (database) {
      case "H2" -> onH2(transactions);
      case "PostgreSQL" -> onPostgres(PostgresServer.port(), transactions);
      default -> onMariaDb(transactions);
    };
  }

  private static Notebooks onH2(Transactions transactions) throws SQLException {
    Map<String, Database> databases = new HashMap<>();
    for (String name : names()) {
      databases.put(name, Database.of("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"));
    }
    return new Notebooks(databases, transactions);
  }

  /** Returns tenants on databases that all tests share, through a port such as a proxy's. */
  static Notebooks onPostgres(int port, Transactions transactions) throws SQLException {
    Map<String, Database> databases = new HashMap<>();
    for (String name : names()) {
      databases.put(name, PostgresServer.database(name.replace('-', '_'), port));
    }
    return new Notebooks(databases, transactions);
  }

  private static Notebooks onMariaDb(Transactions transactions) throws SQLException {
    Map<String, Database> databases = new HashMap<>();
    for (String name : names()) {
      databases.put(name, MariaDbServer.shared().database(name.replace('-', '_')));
    }
    return new Notebooks(databases, transactions);
  }

  private static List<String> names() {
    return List.of("acme", "globex", "bootstrap", "archive-of-acme", "archive-of-globex", "users");
  }

  /** Returns the session factory that a Headgate application has, with all caches on. */
  SessionFactory sessions() {
    return sessions(HibernateSettings.of(dataSource));
  }

  SessionFactory sessions(HibernateSettings settings) {
    Map<String, Object> all = new HashMap<>();
    settings.bootstrap(dataSource.forTenant(BOOTSTRAP)).applyTo(all);
    return sessions(all);
  }

  static SessionFactory sessions(Map<String, Object> settings) {
    return new Configuration()
        .addAnnotatedClass(Note.class)
        .buildSessionFactory(
            new StandardServiceRegistryBuilder()
                .applySetting("hibernate.cache.region.factory_class", "jcache")
                .applySetting("hibernate.cache.region_prefix", UUID.randomUUID().toString())
                .applySetting("hibernate.javax.cache.missing_cache_strategy", "create")
                .applySetting("hibernate.cache.use_query_cache", true)
                .applySetting("hibernate.generate_statistics", true)
                .applySettings(settings)
                .build());
  }

  /** Returns what is stored, beside all units and caches, in the order of the texts. */
  List<String> stored(TenantId tenant) throws SQLException {
    try (Connection connection = dataSource.forTenant(tenant).getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT text FROM note ORDER BY text")) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }

  /** Changes what is stored in a way that no cache hears of. */
  void behindTheCache(TenantId tenant, String sql) throws SQLException {
    try (Connection connection = dataSource.forTenant(tenant).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Returns how many leases are held now. */
  int leases() {
    return dataSource.snapshot().pools().stream().mapToInt(pool -> pool.leases()).sum();
  }

  @Override
  public void close() {
    dataSource.close();
  }
}
