package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import dev.headgate.faults.FaultProxy;
import dev.headgate.faults.Protocol;
import java.sql.SQLException;

class FailureGatePostgresTest extends FailureGateContract {

  @Override
  FaultProxy proxy() throws SQLException {
    return FaultProxy.to(
        "localhost", Ports.of(PostgresServer.database("gate_one")), Protocol.POSTGRESQL);
  }

  @Override
  Database.Builder database(String name, int port) throws SQLException {
    return Ports.replaced(PostgresServer.database(name), port).user("postgres");
  }

  @Override
  Database.Builder gone(int port) {
    return Database.builder("jdbc:postgresql://localhost:%d/gone".formatted(port)).user("postgres");
  }
}
