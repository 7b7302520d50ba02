package dev.headgate.datasource;

import java.sql.SQLException;

class DeadConnectionMariaDbTest extends DeadConnectionContract {

  @Override
  Tenants open() throws SQLException {
    return Tenants.onMariaDb();
  }

  @Override
  String others() {
    return "SELECT id FROM information_schema.processlist"
        + " WHERE db = DATABASE() AND id <> CONNECTION_ID()";
  }

  @Override
  String kill(long session) {
    return "KILL CONNECTION " + session;
  }

  @Override
  String sleep() {
    return "SELECT SLEEP(60)";
  }

  @Override
  String isAsleep() {
    return "SELECT count(*) = 1 FROM information_schema.processlist WHERE state = 'User sleep'";
  }

  @Override
  String manyRows() {
    return "SELECT seq FROM seq_1_to_100000000";
  }
}
