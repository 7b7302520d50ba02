package dev.headgate.frameworks.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.headgate.datasource.Transactions;
import java.io.StringReader;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/** What JDBC has, in the words of the table. */
enum Feature {
  CLOSE("`close()`") {
    @Override
    String check(Connection connection, Dbms dbms, Transactions transactions) throws SQLException {
      PreparedStatement statement = connection.prepareStatement("SELECT 1");
      connection.close();
      connection.close();
      assertThat(connection.isClosed()).isTrue();
      assertThat(statement.isClosed()).isTrue();
      assertThatThrownBy(connection::createStatement).hasMessage("this connection is closed");
      return WORKS;
    }
  },

  AUTO_COMMIT("`setAutoCommit`, `commit`, `rollback`") {
    @Override
    String check(Connection connection, Dbms dbms, Transactions transactions) throws SQLException {
      assertThat(connection.getAutoCommit()).isTrue();
      if (transactions == Transactions.UNIT) {
        assertThatThrownBy(connection::commit)
            .hasMessageContaining("commit() in auto-commit mode: call setAutoCommit(false) first");
      }
      connection.setAutoCommit(false);
      add(connection, "kept");
      connection.commit();
      add(connection, "undone");
      connection.rollback();
      assertThat(bodies(connection)).containsExactly("kept");
      return transactions == Transactions.UNIT ? "works; durable at the unit's end" : WORKS;
    }
  },

  ISOLATION("`setTransactionIsolation`") {
    @Override
    String check(Connection connection, Dbms dbms, Transactions transactions) throws SQLException {
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      add(connection, "a note");
      assertThat(connection.getTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
      if (transactions == Transactions.NONE) {
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        return WORKS;
      }
      SQLException refused =
          catchThrowableOfType(
              SQLException.class,
              () -> connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED));
      assertThat(refused.getMessage()).contains("UnitOptions.isolation");
      return "before the unit's first statement; then refused: “" + refused.getMessage() + "”";
    }
  },

  READ_ONLY("`setReadOnly`") {
    @Override
    String check(Connection connection, Dbms dbms, Transactions transactions) throws SQLException {
      connection.setReadOnly(true);
      if (transactions == Transactions.NONE) {
        connection.setAutoCommit(false);
        return refusesWrites(connection) ? WORKS : "the driver makes nothing of it";
      }
      assertThat(connection.isReadOnly()).isTrue();
      add(connection, "a note");
      return "a hint, which is remembered and not sent";
    }

    private boolean refusesWrites(Connection connection) throws SQLException {
      try {
        add(connection, "a note");
        return false;
      } catch (SQLException refused) {
        connection.rollback();
        return true;
      }
    }
  },

  SAVEPOINTS("savepoints") {
    @Override
    String check(Connection connection, Dbms dbms, Transactions transactions) throws SQLException {
      connection.setAutoCommit(false);
      add(connection, "kept");
      Savepoint first = connection.setSavepoint();
      add(connection, "undone");
      Savepoint second = connection.setSavepoint("named");
      add(connection, "undone, too");
      connection.releaseSavepoint(second);
      connection.rollback(first);
      connection.commit();
      assertThat(bodies(connection)).containsExactly("kept");
      return WORKS;
    }
  },

  GENERATED_KEYS("generated keys") {
    @Override
    String check(Connection connection, Dbms dbms, Transactions transactions) throws SQLException {
      try (PreparedStatement insert =
          connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
        insert.setString(1, "a note");
        insert.executeUpdate();
        try (ResultSet keys = insert.getGeneratedKeys()) {
          assertThat(keys.next()).isTrue();
          assertThat(keys.getLong(1)).isPositive();
        }
      }
      return WORKS;
    }
  },

  BATCHES("batches") {
    @Override
    String check(Connection connection, Dbms dbms, Transactions transactions) throws SQLException {
      addMany(connection, 10);
      assertThat(bodies(connection)).hasSize(10);
      return WORKS;
    }
  },

  STREAMING("results by fetch size") {
    @Override
    String check(Connection connection, Dbms dbms, Transactions transactions) throws SQLException {
      addMany(connection, 10);
      connection.setAutoCommit(transactions == Transactions.UNIT);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(3);
        try (ResultSet rows = statement.executeQuery("SELECT body FROM note ORDER BY id")) {
          for (int i = 0; i < 10; i++) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("note " + i);
            if (dbms == Dbms.POSTGRESQL && i == 0) {
              assertThat(openCursors(connection)).isPositive();
            }
          }
        }
      }
      return transactions == Transactions.UNIT && dbms == Dbms.POSTGRESQL
          ? "works in auto-commit mode, too"
          : WORKS;
    }

    private long openCursors(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet answer = statement.executeQuery(StreamsTest.OPEN_CURSORS)) {
        answer.next();
        return answer.getLong(1);
      }
    }
  },

  UNWRAP("`unwrap` to the driver") {
    @Override
    String check(Connection connection, Dbms dbms, Transactions transactions) throws Exception {
      switch (dbms) {
        case H2 -> connection.unwrap(org.h2.jdbc.JdbcConnection.class).getMode();
        case MARIADB -> connection.unwrap(org.mariadb.jdbc.Connection.class).getThreadId();
        default -> {
          PGConnection own = connection.unwrap(PGConnection.class);
          own.getCopyAPI().copyIn("COPY note (body) FROM STDIN", new StringReader("copied\n"));
          assertThat(bodies(connection)).containsExactly("copied");
          return transactions == Transactions.UNIT ? "works; COPY is in the unit" : WORKS;
        }
      }
      return WORKS;
    }
  },

  PROCEDURES("stored procedures") {
    @Override
    String check(Connection connection, Dbms dbms, Transactions transactions) throws SQLException {
      // PostgreSQL's driver takes {call …} for a function, and a procedure by its SQL.
      String call = dbms == Dbms.POSTGRESQL ? "CALL add_note(?)" : "{call add_note(?)}";
      try (CallableStatement statement = connection.prepareCall(call)) {
        statement.setString(1, "of a procedure");
        statement.execute();
      }
      assertThat(bodies(connection)).containsExactly("of a procedure");
      return WORKS;
    }
  };

  static final String WORKS = "works";

  private static final String INSERT = "INSERT INTO note (body) VALUES (?)";

  private final String title;

  Feature(String title) {
    this.title = title;
  }

  /** Tries it on a fresh connection; returns what the table says of it. */
  abstract String check(Connection connection, Dbms dbms, Transactions transactions)
      throws Exception;

  private static void add(Connection connection, String body) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setString(1, body);
      insert.executeUpdate();
    }
  }

  private static void addMany(Connection connection, int count) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (int i = 0; i < count; i++) {
        insert.setString(1, "note " + i);
        insert.addBatch();
      }
      assertThat(insert.executeBatch()).hasSize(count);
    }
  }

  private static List<String> bodies(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet notes = statement.executeQuery("SELECT body FROM note ORDER BY id")) {
      List<String> bodies = new ArrayList<>();
      while (notes.next()) {
        bodies.add(notes.getString(1));
      }
      return bodies;
    }
  }

  @Override
  public String toString() {
    return title;
  }
}
