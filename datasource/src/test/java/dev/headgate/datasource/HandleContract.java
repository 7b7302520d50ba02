package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JDBC's contract, for handles inside a unit of work and outside. */
abstract class HandleContract {

  /** Methods that JDBC lets be called on what is closed. */
  private static final Set<String> ALLOWED_AFTER_CLOSE =
      Set.of("close", "isClosed", "abort", "isValid");

  Tenants tenants;
  RoutingDataSource dataSource;
  private UnitOfWork work;

  abstract Tenants open() throws SQLException;

  @BeforeEach
  void begin() throws SQLException {
    tenants = open();
    dataSource = tenants.dataSource;
    work = dataSource.begin(ACME);
  }

  @AfterEach
  void nothingIsLeft() throws SQLException {
    work.close();
    assertThat(tenants.leases()).isZero();
    tenants.close();
  }

  private Connection handle(boolean inUnit) throws SQLException {
    return inUnit ? dataSource.getConnection() : dataSource.forTenant(ACME).getConnection();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyMethodOfAClosedConnection_throws(boolean inUnit) throws SQLException {
    Connection handle = handle(inUnit);
    handle.close();
    assertThat(handle.isClosed()).isTrue();
    assertThat(handle.isValid(1)).isFalse();
    handle.close();
    handle.abort(Runnable::run);
    assertThat(withoutException(Connection.class, handle)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyMethodOfAClosedStatement_throws(boolean inUnit) throws SQLException {
    try (Connection handle = handle(inUnit)) {
      Statement statement = handle.createStatement();
      PreparedStatement prepared = handle.prepareStatement("SELECT text FROM note WHERE text = ?");
      CallableStatement callable = handle.prepareCall("{call abs(?)}");
      for (Statement each : List.of(statement, prepared, callable)) {
        each.close();
        each.close();
        assertThat(each.isClosed()).isTrue();
      }
      assertThat(withoutException(Statement.class, statement)).isEmpty();
      assertThat(withoutException(PreparedStatement.class, prepared)).isEmpty();
      assertThat(withoutException(CallableStatement.class, callable)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closingAConnection_closesItsStatementsAndResults(boolean inUnit) throws SQLException {
    Connection other = handle(true);
    Connection handle = handle(inUnit);
    Statement statement = handle.createStatement();
    ResultSet result = statement.executeQuery("SELECT text FROM note");
    DatabaseMetaData metaData = handle.getMetaData();
    handle.close();
    assertThat(statement.isClosed()).isTrue();
    assertThat(result.isClosed()).isTrue();
    assertThatThrownBy(result::next).isInstanceOf(SQLException.class);
    assertThat(withoutException(ResultSet.class, result)).isEmpty();
    assertThatThrownBy(metaData::getTableTypes).isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> statement.executeQuery("SELECT 1")).isInstanceOf(SQLException.class);
    try (Statement alive = other.createStatement()) {
      assertThat(alive.executeQuery("SELECT text FROM note").next()).isFalse();
    }
  }

  /** Returns the methods that neither throw an SQLException nor are allowed. */
  private static List<String> withoutException(Class<?> type, Object target) {
    List<String> found = new ArrayList<>();
    for (Method method : type.getMethods()) {
      if (Modifier.isStatic(method.getModifiers())
          || ALLOWED_AFTER_CLOSE.contains(method.getName())
          || !List.of(method.getExceptionTypes()).stream()
              .anyMatch(SQLException.class::isAssignableFrom)) {
        continue;
      }
      try {
        method.invoke(target, arguments(method));
        found.add(method.toString());
      } catch (InvocationTargetException e) {
        if (!(e.getCause() instanceof SQLException)) {
          found.add(method + " threw " + e.getCause());
        }
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
    return found;
  }

  private static Object[] arguments(Method method) {
    Class<?>[] types = method.getParameterTypes();
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      if (types[i] == boolean.class) {
        arguments[i] = false;
      } else if (types[i] == int.class) {
        arguments[i] = 1;
      } else if (types[i] == long.class) {
        arguments[i] = 1L;
      } else if (types[i] == float.class) {
        arguments[i] = 1f;
      } else if (types[i] == double.class) {
        arguments[i] = 1d;
      } else if (types[i] == short.class) {
        arguments[i] = (short) 1;
      } else if (types[i] == byte.class) {
        arguments[i] = (byte) 1;
      } else if (types[i] == String.class) {
        arguments[i] = "text";
      } else if (types[i] == Class.class) {
        arguments[i] = Wrapper.class;
      }
    }
    return arguments;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everythingLeadsBackToTheHandle(boolean inUnit) throws SQLException {
    try (Connection handle = handle(inUnit);
        Statement statement = handle.createStatement();
        PreparedStatement prepared = handle.prepareStatement("SELECT text FROM note")) {
      assertThat(statement.getConnection()).isSameAs(handle);
      assertThat(prepared.getConnection()).isSameAs(handle);
      assertThat(statement.executeQuery("SELECT text FROM note").getStatement())
          .isSameAs(statement);
      assertThat(prepared.executeQuery().getStatement()).isSameAs(prepared);
      statement.execute("SELECT text FROM note");
      assertThat(statement.getResultSet().getStatement()).isSameAs(statement);
      DatabaseMetaData metaData = handle.getMetaData();
      assertThat(metaData.getConnection()).isSameAs(handle);
      try (ResultSet tables = metaData.getTables(null, null, "%", null)) {
        assertThat(tables.getStatement()).isNull();
        assertThat(tables.next()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void wrappers_unwrapToThemselvesAndToTheDriver(boolean inUnit) throws SQLException {
    try (Connection handle = handle(inUnit);
        Statement statement = handle.createStatement();
        ResultSet result = statement.executeQuery("SELECT text FROM note")) {
      for (Wrapper wrapper : new Wrapper[] {handle, statement, result, handle.getMetaData()}) {
        Class<?> own = wrapper.getClass();
        assertThat(wrapper.isWrapperFor(own)).isTrue();
        assertThat((Object) wrapper.unwrap(own)).isSameAs(wrapper);
        assertThat(wrapper.isWrapperFor(List.class)).isFalse();
        assertThatThrownBy(() -> wrapper.unwrap(List.class)).isInstanceOf(SQLException.class);
      }
      assertThat(handle.isWrapperFor(driverConnection())).isTrue();
      assertThat((Object) handle.unwrap(driverConnection())).isInstanceOf(driverConnection());
    }
  }

  abstract Class<?> driverConnection();

  @Test
  void generatedKeysAndBatches_work() throws SQLException {
    try (Connection handle = handle(true);
        PreparedStatement insert =
            handle.prepareStatement("INSERT INTO note VALUES (?)", new String[] {"text"})) {
      for (String text : new String[] {"a", "b"}) {
        insert.setString(1, text);
        insert.addBatch();
      }
      assertThat(insert.executeBatch()).containsExactly(1, 1);
      insert.setString(1, "c");
      assertThat(insert.executeUpdate()).isEqualTo(1);
      try (ResultSet keys = insert.getGeneratedKeys()) {
        assertThat(keys.next()).isTrue();
        assertThat(keys.getString(1)).isEqualTo("c");
        assertThat(keys.getStatement()).isSameAs(insert);
      }
    }
    work.commit();
    assertThat(tenants.stored(ACME)).containsExactly("a", "b", "c");
  }

  @Test
  void arrays_areHandedBackAndForth() throws SQLException {
    try (Connection handle = handle(true);
        PreparedStatement select = handle.prepareStatement(selectArray())) {
      select.setArray(1, handle.createArrayOf("VARCHAR", new Object[] {"a", "b"}));
      try (ResultSet result = select.executeQuery()) {
        assertThat(result.next()).isTrue();
        java.sql.Array array = result.getArray(1);
        assertThat((Object[]) array.getArray()).containsExactly("a", "b");
        assertThat(result.getObject(1)).isInstanceOf(java.sql.Array.class);
        assertThat(array.getResultSet().getStatement()).isNull();
        select.setObject(1, array);
      }
      assertThat(select.executeQuery().next()).isTrue();
    }
  }

  abstract String selectArray();
}
