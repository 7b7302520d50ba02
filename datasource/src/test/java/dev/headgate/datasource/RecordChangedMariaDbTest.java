package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A row that another transaction has changed since this one has first read, with {@code
 * innodb_snapshot_isolation}, the default since MariaDB 11.6.2: error 1020 without a SQLSTATE that
 * would say what it does.
 */
class RecordChangedMariaDbTest extends LostTransactionContract {

  @Override
  Tenants open() throws SQLException {
    return Tenants.onMariaDb();
  }

  @Override
  void provoke(Connection handle) throws SQLException {
    execute(handle, "SET innodb_snapshot_isolation = ON");
    execute(handle, "SELECT amount FROM account");
    rival.commit(other -> execute(other, "UPDATE account SET amount = 2 WHERE id = 2"));
  }
}
