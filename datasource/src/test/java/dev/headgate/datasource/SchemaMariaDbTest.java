package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchemaMariaDbTest extends SchemaContract {

  @Override
  Database whole() throws SQLException {
    return database("useServerPrepStmts", "true");
  }

  private static Database database(String property, String value) throws SQLException {
    return Database.builder(MariaDbServer.shared().database("shared").url())
        .user("root")
        .property(property, value)
        .build();
  }

  @Override
  Database in(String name) throws SQLException {
    return whole().withCatalog(name);
  }

  /** The server has no names with a backslash, and drivers none with a backtick. */
  @Override
  String hostile() {
    return super.hostile().replace("\\ ", "");
  }

  @Override
  void create(String name, Statement statement) throws SQLException {
    statement.setEscapeProcessing(false);
    statement.execute("CREATE DATABASE `%s`".formatted(name));
  }

  @Override
  void drop(String name, Statement statement) throws SQLException {
    statement.setEscapeProcessing(false);
    statement.execute("DROP DATABASE IF EXISTS `%s`".formatted(name));
  }

  @Override
  String change(String name) {
    return "USE `%s`".formatted(name);
  }

  @Override
  void change(Connection connection, String name) throws SQLException {
    connection.setCatalog(name);
  }

  @Override
  String place(Connection connection) throws SQLException {
    return connection.getCatalog();
  }

  @Override
  Connection own(Connection connection) throws SQLException {
    return connection.unwrap(org.mariadb.jdbc.Connection.class);
  }

  @Test
  void aDriverThatCallsItASchema_isNotBelieved() throws SQLException {
    Database database = database("useCatalogTerm", "SCHEMA").withCatalog("acme-1");
    try (RoutingDataSource other = RoutingDataSource.builder(database).build()) {
      assertThatThrownBy(() -> other.forTenant(TenantId.ONLY).getConnection())
          .hasMessageContainingAll("could not be led to \"acme-1\"", "a catalog is a schema");
    }
  }

  @Test
  void whoHasNoCatalog_neverGetsThatOfOthers() throws SQLException {
    String url = whole().url().replace("/shared?", "/?");
    Database none = Database.builder(url).user("root").build();
    try (RoutingDataSource other =
        RoutingDataSource.builder(
                tenant -> Optional.of(tenant.equals(HOUSE) ? none : none.withCatalog("acme-1")))
            .build()) {
      try (Connection connection = other.forTenant(Tenants.ACME).getConnection()) {
        assertThat(connection.getCatalog()).isEqualTo("acme-1");
      }
      try (Connection connection = other.forTenant(HOUSE).getConnection()) {
        assertThat(connection.getCatalog()).isNull();
      }
    }
  }
}
