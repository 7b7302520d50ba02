package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import dev.headgate.faults.FaultProxy;
import dev.headgate.faults.Protocol;
import java.sql.SQLException;

class FailureGateMariaDbTest extends FailureGateContract {

  @Override
  FaultProxy proxy() throws SQLException {
    return FaultProxy.to(
        "127.0.0.1", Ports.of(MariaDbServer.shared().database("gate_one")), Protocol.MARIADB);
  }

  @Override
  Database.Builder database(String name, int port) throws SQLException {
    return Ports.replaced(MariaDbServer.shared().database(name), port).user("root");
  }

  @Override
  Database.Builder gone(int port) {
    return Database.builder("jdbc:mariadb://127.0.0.1:%d/gone".formatted(port)).user("root");
  }
}
