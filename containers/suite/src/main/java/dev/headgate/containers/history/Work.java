package dev.headgate.containers.history;

import dev.headgate.datasource.OutcomeUnknownException;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.datasource.UnitOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Takes the steps of a request. */
final class Work {

  static final String[] SCHEMA = {
    "CREATE TABLE token (id bigint PRIMARY KEY)",
    "INSERT INTO token VALUES (-1)",
    "CREATE TABLE late (id bigint PRIMARY KEY,"
        + " parent bigint REFERENCES token DEFERRABLE INITIALLY DEFERRED)"
  };

  private static final long THERE = -1;
  private static final long MISSING = -2;

  private final RoutingDataSource dataSource;
  private final Trace trace;

  Work(RoutingDataSource dataSource, Trace trace) {
    this.dataSource = dataSource;
    this.trace = trace;
  }

  void take(Step step) throws SQLException {
    try {
      take(step, trace);
      trace.event(step + " done");
    } catch (SQLException | RuntimeException e) {
      trace.event("%s has failed with %s".formatted(step, e));
      if (e instanceof OutcomeUnknownException) {
        trace.doubted();
      }
      if (!trace.plan().careless()) {
        throw e;
      }
    }
  }

  private void take(Step step, Trace trace) throws SQLException {
    switch (step) {
      case WRITE -> trace.wrote(insert());
      case INNER_COMMITTED -> {
        long first = trace.next();
        long second = trace.next();
        try (Connection inner = inner()) {
          insert(inner, first);
          insert(inner, second);
          inner.commit();
          trace.wrote(first, second);
        }
      }
      case INNER_UNDONE -> {
        try (Connection inner = inner()) {
          insert(inner, trace.next());
          inner.rollback();
        }
      }
      case INNER_LEFT_OPEN -> {
        try (Connection inner = inner()) {
          insert(inner, trace.next());
        }
      }
      case INNER_DUPLICATE -> {
        try (Connection inner = inner()) {
          insert(inner, trace.next());
          duplicate(inner);
          inner.rollback();
        }
      }
      case DUPLICATE -> {
        try (Connection connection = dataSource.getConnection()) {
          duplicate(connection);
        }
      }
      case DEFERRED -> {
        long token = trace.next();
        execute("INSERT INTO late VALUES (%d, %d)".formatted(token, MISSING));
        trace.wrote(token);
      }
      case COMMIT -> {
        trace.bound();
        dataSource.current().commit();
        trace.committed();
      }
      case JOINED_COMMITTED -> {
        try (UnitOfWork joined = dataSource.begin(dataSource.current().tenant())) {
          long token = insert();
          joined.commit();
          trace.wrote(token);
        }
      }
      case JOINED_UNDONE -> {
        try (UnitOfWork joined = dataSource.begin(dataSource.current().tenant())) {
          trace.event("joined " + joined.tenant());
          insert();
        }
      }
      case INDEPENDENT -> independent();
    }
  }

  private void independent() throws SQLException {
    try (UnitOfWork independent =
        dataSource.beginIndependent(dataSource.current().tenant(), UnitOptions.defaults())) {
      long token = insert();
      try {
        independent.commit();
        trace.wroteIndependently(token, true);
      } catch (OutcomeUnknownException e) {
        trace.wroteIndependently(token, false);
        throw e;
      }
    }
  }

  /** Runs a statement that doesn't end by itself. */
  void hang() throws SQLException {
    execute("SELECT pg_sleep(60)");
  }

  private long insert() throws SQLException {
    long token = trace.next();
    try (Connection connection = dataSource.getConnection()) {
      insert(connection, token);
    }
    return token;
  }

  private Connection inner() throws SQLException {
    Connection connection = dataSource.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private static void insert(Connection connection, long token) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO token VALUES (" + token + ")");
    }
  }

  private void duplicate(Connection connection) throws SQLException {
    try {
      insert(connection, THERE);
      throw new AssertionError("a duplicate key was taken");
    } catch (SQLException e) {
      trace.event("swallowed: " + e.getMessage());
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
