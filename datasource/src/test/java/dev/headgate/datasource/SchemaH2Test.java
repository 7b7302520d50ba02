package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.jdbc.JdbcConnection;

class SchemaH2Test extends SchemaContract {

  private final Database whole = Tenants.newH2();

  @Override
  Database whole() {
    return whole;
  }

  @Override
  Database in(String name) {
    return whole.withSchema(name);
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  void create(String name, Statement statement) throws SQLException {
    statement.setEscapeProcessing(false);
    statement.execute("CREATE SCHEMA " + quoted(name));
  }

  /** Each test has a database of its own. */
  @Override
  void drop(String name, Statement statement) {}

  @Override
  String change(String name) {
    return "SET SCHEMA " + quoted(name);
  }

  @Override
  void change(Connection connection, String name) throws SQLException {
    connection.setSchema(name);
  }

  @Override
  String place(Connection connection) throws SQLException {
    return connection.getSchema();
  }

  @Override
  Connection own(Connection connection) throws SQLException {
    return connection.unwrap(JdbcConnection.class);
  }
}
