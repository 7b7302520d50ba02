package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** Finds tenants by a query in a control database. */
final class QueryDirectory implements TenantDirectory {

  private final DataSource control;
  private final String sql;
  private final DatabaseMapper mapper;

  QueryDirectory(DataSource control, String sql, DatabaseMapper mapper) {
    this.control = control;
    this.sql = sql;
    this.mapper = mapper;
  }

  @Override
  public Optional<Database> find(TenantId tenant) throws SQLException {
    try (Connection connection = control.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, tenant.value());
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        Database database = mapper.map(rows);
        if (rows.next()) {
          throw new SQLException(
              "the query of the tenant directory finds more than one row for tenant \"%s\""
                  .formatted(tenant));
        }
        return Optional.of(database);
      }
    }
  }
}
