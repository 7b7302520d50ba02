package dev.headgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No call is out of reach: neither any method of JDBC's interfaces nor any step of a client. */
class EveryCallTest {

  private static final List<Throwable> FAILURES =
      List.of(new SQLException("checked"), new RuntimeException("unchecked"), new Error("error"));

  @ParameterizedTest
  @ValueSource(
      classes = {
        Connection.class,
        Statement.class,
        PreparedStatement.class,
        CallableStatement.class,
        ResultSet.class,
        DatabaseMetaData.class,
        Savepoint.class
      })
  void everyMethod_meetsFaults(Class<?> type) throws SQLException {
    try (StubDatabase database = StubDatabase.create("every");
        Connection connection = DriverManager.getConnection(database.url())) {
      Object client = client(type, connection);
      for (Method method : methods(type)) {
        for (Throwable failure : FAILURES) {
          database.armAt(0, Fault.throwBefore(() -> failure));
          assertThatThrownBy(() -> method.invoke(client, arguments(method)))
              .as("%s", method)
              .isInstanceOf(InvocationTargetException.class)
              .cause()
              // Not the same: some methods cannot throw a plain SQLException.
              .hasMessage(failure.getMessage());
        }
      }
    }
  }

  @Test
  void everyStep_ofAClient_canFailAndOnlyACommitThatSucceededIsVisible() throws SQLException {
    List<String> steps;
    try (StubDatabase database = StubDatabase.create("steps")) {
      insertOne(database);
      steps = database.calls();
    }
    int commit = steps.indexOf("Connection.commit()");
    for (int i = 0; i < steps.size(); i++) {
      try (StubDatabase database = StubDatabase.create("steps")) {
        database.armAt(i, Fault.throwBefore(() -> new SQLException("step")));
        assertThatThrownBy(() -> insertOne(database)).hasMessage("step");
        assertThat(database.calls().get(i)).isEqualTo(steps.get(i));
        assertThat(database.committed()).hasSize(i > commit ? 1 : 0);
        assertThat(database.isClean()).isTrue();
      }
    }
  }

  private static void insertOne(StubDatabase database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url())) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("INSERT a");
        connection.commit();
      }
    }
  }

  private static List<Method> methods(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .toList();
  }

  private static Object client(Class<?> type, Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    return Stream.of(
            connection,
            connection.createStatement(),
            connection.prepareStatement("SELECT"),
            connection.prepareCall("SELECT"),
            connection.createStatement().executeQuery("SELECT"),
            connection.getMetaData(),
            connection.setSavepoint())
        .filter(type::isInstance)
        .findFirst()
        .orElseThrow();
  }

  private static Object[] arguments(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(type -> type.isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null)
        .toArray();
  }
}
