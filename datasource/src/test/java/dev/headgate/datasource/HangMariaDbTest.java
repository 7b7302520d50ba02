package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import dev.headgate.faults.FaultProxy;
import dev.headgate.faults.Protocol;
import java.sql.SQLException;

class HangMariaDbTest extends HangContract {

  @Override
  FaultProxy proxy() throws SQLException {
    return FaultProxy.to(
        "127.0.0.1", Ports.of(MariaDbServer.shared().database("acme")), Protocol.MARIADB);
  }

  @Override
  Database.Builder database(String name, int port) throws SQLException {
    return Ports.replaced(MariaDbServer.shared().database(name), port).user("root");
  }

  /** It reads what is left, and waits for the thread that reads: until the socket timeout. */
  @Override
  boolean abortsWhatHangs() {
    return false;
  }
}
