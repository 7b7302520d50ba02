package dev.headgate.junit;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** Databases in memory, with a table of notes for the tenant acme. */
final class TestDatabases {

  private TestDatabases() {}

  static RoutingDataSource withNotes() {
    RoutingDataSource dataSource =
        RoutingDataSource.builder(
                TenantDirectory.template(
                    "jdbc:h2:mem:{tenant}-" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"))
            .build();
    try (Connection connection = dataSource.forTenant(TenantId.of("acme")).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE note (text VARCHAR(100) PRIMARY KEY)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return dataSource;
  }
}
