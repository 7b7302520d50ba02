package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.SQLException;

class RestrictionPostgresTest extends RestrictionContract {

  @Override
  Database database() throws SQLException {
    return PostgresServer.database("restricted");
  }
}
