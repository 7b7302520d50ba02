package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Two tenants with a table of notes each, behind a routing data source. */
final class Tenants implements AutoCloseable {

  static final TenantId ACME = TenantId.of("acme");
  static final TenantId GLOBEX = TenantId.of("globex");

  final RoutingDataSource dataSource;

  Tenants(Database acme, Database globex, boolean autoCommit) throws SQLException {
    dataSource =
        RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", acme, "globex", globex)))
            .autoCommit(autoCommit)
            .build();
    for (TenantId tenant : List.of(ACME, GLOBEX)) {
      try (Connection connection = dataSource.forTenant(tenant).getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE IF EXISTS note CASCADE");
        statement.execute("CREATE TABLE note (text VARCHAR(100) PRIMARY KEY)");
      }
    }
  }

  static Database newH2() {
    return Database.of("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
  }

  static Tenants onH2() throws SQLException {
    return new Tenants(newH2(), newH2(), true);
  }

  /** Returns tenants on two databases that all tests share, one after the other. */
  static Tenants onPostgres() throws SQLException {
    return new Tenants(PostgresServer.database("acme"), PostgresServer.database("globex"), true);
  }

  /** Returns tenants on two databases that all tests share, one after the other. */
  static Tenants onMariaDb() throws SQLException {
    return on(MariaDbServer.shared());
  }

  static Tenants on(MariaDbServer server) throws SQLException {
    return new Tenants(server.database("acme"), server.database("globex"), true);
  }

  static void insert(Connection connection, String text) throws SQLException {
    try (var statement = connection.prepareStatement("INSERT INTO note VALUES (?)")) {
      statement.setString(1, text);
      statement.executeUpdate();
    }
  }

  /** Returns what is stored, in the order of the texts. */
  List<String> stored(TenantId tenant) throws SQLException {
    try (Connection connection = dataSource.forTenant(tenant).getConnection()) {
      return texts(connection);
    }
  }

  static List<String> texts(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet notes = statement.executeQuery("SELECT text FROM note ORDER BY text")) {
      List<String> texts = new ArrayList<>();
      while (notes.next()) {
        texts.add(notes.getString(1));
      }
      return texts;
    }
  }

  /** Asks acme's database, beside all units of work. */
  boolean isTrue(String question) throws SQLException {
    try (Connection connection = dataSource.forTenant(ACME).getConnection();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(question)) {
      return answer.next() && answer.getBoolean(1);
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
