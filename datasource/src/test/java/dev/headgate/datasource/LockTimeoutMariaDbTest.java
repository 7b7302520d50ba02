package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;

/** A lock that is waited for in vain, on a server with {@code innodb_rollback_on_timeout}. */
class LockTimeoutMariaDbTest extends LostTransactionContract {

  private static final class Started {
    static final MariaDbServer SERVER = MariaDbServer.start("--innodb-rollback-on-timeout");
  }

  @Override
  Tenants open() throws SQLException {
    return Tenants.on(Started.SERVER);
  }

  @Override
  void provoke(Connection handle) throws SQLException {
    execute(handle, "SET innodb_lock_wait_timeout = 0");
    rival.begin(
        other -> execute(other, "UPDATE account SET amount = 2 WHERE id = 2"),
        rival::waitForTheEnd);
  }
}
