package dev.headgate.datasource;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;

/** The victim of a deadlock in PostgreSQL, which then refuses everything. */
class DeadlockPostgresTest extends LostTransactionContract {

  @Override
  Tenants open() throws SQLException {
    return Tenants.onPostgres();
  }

  @Override
  void provoke(Connection handle) throws SQLException {
    execute(handle, "UPDATE account SET amount = 1 WHERE id = 1");
    // Whoever looks for a deadlock first is its victim.
    execute(handle, "SET LOCAL deadlock_timeout = '10ms'");
    rival.begin(
        other -> {
          execute(other, "SET LOCAL deadlock_timeout = '1min'");
          execute(other, "UPDATE account SET amount = 2 WHERE id = 2");
        },
        other -> execute(other, "UPDATE account SET amount = 2 WHERE id = 1"));
    await()
        .until(
            () ->
                tenants.isTrue(
                    "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = 'acme'"
                        + " AND wait_event_type = 'Lock'"));
  }
}
