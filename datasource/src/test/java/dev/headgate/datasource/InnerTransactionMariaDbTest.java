package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;

class InnerTransactionMariaDbTest extends InnerTransactionContract {

  @Override
  Tenants open() throws SQLException {
    return Tenants.onMariaDb();
  }

  @Override
  int isolation() {
    return Connection.TRANSACTION_REPEATABLE_READ;
  }
}
