package dev.headgate.datasource;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;

/** The victim of a deadlock in MariaDB, which then begins a new transaction. */
class DeadlockMariaDbTest extends LostTransactionContract {

  @Override
  Tenants open() throws SQLException {
    return Tenants.onMariaDb();
  }

  @Override
  void provoke(Connection handle) throws SQLException {
    execute(handle, "UPDATE account SET amount = 1 WHERE id = 1");
    rival.begin(
        other -> {
          // The victim is the one that has changed less.
          execute(other, "INSERT INTO account SELECT seq, 0 FROM seq_10_to_100");
          execute(other, "UPDATE account SET amount = 2 WHERE id = 2");
        },
        other -> execute(other, "UPDATE account SET amount = 2 WHERE id = 1"));
    await()
        .until(
            () ->
                tenants.isTrue(
                    "SELECT count(*) = 1 FROM information_schema.innodb_trx"
                        + " WHERE trx_state = 'LOCK WAIT'"));
  }
}
