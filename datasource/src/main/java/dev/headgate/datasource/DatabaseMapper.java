package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.datasource.pool.Restriction;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Database} of a row in a table of tenants. */
@FunctionalInterface
public interface DatabaseMapper {

  /**
   * Returns the database that the current row describes; does not move to another row.
   *
   * @throws SQLException if the row can't be read
   */
  Database map(ResultSet row) throws SQLException;

  /**
   * Returns a mapper of columns by name: {@code url}, and where they are there {@code username} (or
   * {@code user}), {@code password}, {@code schema} (or {@code catalog}), {@code
   * maximum_pool_size}, and {@code suspended} and {@code read_only} with the reason why the tenant
   * is so for now; each of them may be null. A column with another name is refused, since its
   * meaning would be lost.
   */
  static DatabaseMapper byColumns() {
    return DatabaseMapper::mapColumns;
  }

  private static Database mapColumns(ResultSet row) throws SQLException {
    String url = row.getString("url");
    if (url == null) {
      throw new SQLException("the row of the tenant has no url");
    }
    Database.Builder builder = Database.builder(url);
    ResultSetMetaData columns = row.getMetaData();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String name = columns.getColumnLabel(i).toLowerCase(Locale.ROOT);
      @Nullable String value = row.getString(i);
      switch (name) {
        case "url" -> {}
        case "username", "user" -> {
          if (value != null) {
            builder.user(value);
          }
        }
        case "password" -> {
          if (value != null) {
            builder.password(value);
          }
        }
        case "schema" -> {
          if (value != null) {
            builder.schema(value);
          }
        }
        case "catalog" -> {
          if (value != null) {
            builder.catalog(value);
          }
        }
        case "maximum_pool_size" -> {
          if (value != null) {
            builder.pool(PoolSettings.defaults().withMaximumSize(row.getInt(i)));
          }
        }
        case "suspended" -> {
          if (value != null) {
            builder.restriction(Restriction.suspended(value));
          }
        }
        case "read_only" -> {
          if (value != null) {
            builder.restriction(Restriction.readOnly(value));
          }
        }
        default ->
            throw new SQLException(
                "column %s: there are url, username, password, schema, catalog, maximum_pool_size, suspended and read_only; give a mapper of your own for others"
                    .formatted(name));
      }
    }
    return builder.build();
  }
}
