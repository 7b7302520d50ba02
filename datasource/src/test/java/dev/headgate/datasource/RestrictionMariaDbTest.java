package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.SQLException;

class RestrictionMariaDbTest extends RestrictionContract {

  @Override
  Database database() throws SQLException {
    return MariaDbServer.shared().database("restricted");
  }
}
