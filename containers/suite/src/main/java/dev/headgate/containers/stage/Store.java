package dev.headgate.containers.stage;

import dev.headgate.containers.Postgres;
import dev.headgate.faults.FaultProxy;
import dev.headgate.faults.Protocol;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;

/** A database of its own, the proxy in front of it, and a look at it past the proxy. */
final class Store implements AutoCloseable {

  private final String url;
  private final Connection direct;
  private final FaultProxy proxy;

  Store() throws SQLException {
    url = Postgres.newDatabase();
    direct = DriverManager.getConnection(url);
    execute(
        """
        CREATE TABLE work (trial int, token text, PRIMARY KEY (trial, token));
        CREATE TABLE parent (id int PRIMARY KEY);
        CREATE TABLE child (parent int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)""");
    proxy = FaultProxy.to("localhost", port(url), Protocol.POSTGRESQL);
  }

  private static int port(String url) {
    return URI.create(url.substring("jdbc:".length())).getPort();
  }

  /** Returns the JDBC URL that leads through the proxy. */
  String url() {
    return url.replace("//localhost:" + port(url), "//127.0.0.1:" + proxy.port());
  }

  FaultProxy proxy() {
    return proxy;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = direct.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Returns what a trial has stored. */
  synchronized Set<String> stored(int trial) throws SQLException {
    Set<String> tokens = new TreeSet<>();
    try (PreparedStatement query =
        direct.prepareStatement("SELECT token FROM work WHERE trial = ?")) {
      query.setInt(1, trial);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          tokens.add(rows.getString(1));
        }
      }
    }
    return tokens;
  }

  /** Returns how many sessions have a transaction that has not ended. */
  synchronized int openTransactions() throws SQLException {
    try (Statement statement = direct.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                  AND xact_start IS NOT NULL""")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Override
  public void close() throws SQLException {
    try (direct) {
      proxy.close();
    }
  }
}
