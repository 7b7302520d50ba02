package dev.headgate.datasource;

import java.sql.SQLException;

class DeadConnectionPostgresTest extends DeadConnectionContract {

  @Override
  Tenants open() throws SQLException {
    return Tenants.onPostgres();
  }

  @Override
  String others() {
    return "SELECT pid FROM pg_stat_activity"
        + " WHERE datname = current_database() AND pid <> pg_backend_pid()";
  }

  @Override
  String kill(long session) {
    return "SELECT pg_terminate_backend(" + session + ")";
  }

  @Override
  String sleep() {
    return "SELECT pg_sleep(60)";
  }

  @Override
  String isAsleep() {
    return "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
  }

  @Override
  String manyRows() {
    return "SELECT n FROM generate_series(1, 10000) n";
  }
}
