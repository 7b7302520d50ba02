package dev.headgate.benchmarks.budget;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** A way to the databases of a server. */
interface Side extends AutoCloseable {

  String name();

  /** Does something with a connection to a database, and gives it back or closes it. */
  void with(int database, Work work) throws SQLException;

  /** Something that needs a connection, in auto-commit mode. */
  @FunctionalInterface
  interface Work {
    void with(Connection connection) throws SQLException;
  }

  @Override
  void close() throws IOException, SQLException;
}
