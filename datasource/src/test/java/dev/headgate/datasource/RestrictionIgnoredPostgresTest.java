package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.SQLException;

/** Where the driver was told to make nothing of read-only connections. */
class RestrictionIgnoredPostgresTest extends RestrictionContract {

  @Override
  Database database() throws SQLException {
    String url = PostgresServer.database("restricted").url();
    return Database.builder(url + "?readOnlyMode=ignore").user("postgres").build();
  }
}
