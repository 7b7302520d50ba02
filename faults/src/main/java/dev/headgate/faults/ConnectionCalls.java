package dev.headgate.faults;

import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A {@link Connection}, as the client sees it. */
final class ConnectionCalls extends CountedCalls<Connection> {

  private final String url;
  private final List<StatementCalls> statements = new ArrayList<>();

  ConnectionCalls(Calls calls, PhysicalConnection connection, String url) {
    super(Connection.class, calls, connection);
    this.url = url;
  }

  @Override
  void arrived(Method method) {
    if (method.getName().equals("close") || method.getName().equals("abort")) {
      connection().closeCalled();
    }
  }

  @Override
  void checkUsable() throws SQLException {
    connection().checkUsable();
  }

  @Override
  Object answer(Method method, Object[] args) throws SQLException {
    return switch (method.getName()) {
      case "createStatement" -> statement(Statement.class, "");
      case "prepareStatement" -> statement(PreparedStatement.class, (String) args[0]);
      case "prepareCall" -> statement(CallableStatement.class, (String) args[0]);
      case "nativeSQL" -> args[0];
      case "getMetaData" -> new MetaDataCalls(this, url).client();
      case "setAutoCommit" -> {
        connection().setAutoCommit((boolean) args[0]);
        yield null;
      }
      case "commit" -> {
        connection().commit();
        yield null;
      }
      case "rollback" -> {
        rollBack(args);
        yield null;
      }
      case "setSavepoint" -> savepoint(args.length == 0 ? null : (String) args[0]);
      case "releaseSavepoint" -> {
        connection().release((Savepoint) args[0]);
        yield null;
      }
      case "close", "abort" -> {
        close();
        yield null;
      }
      case "isClosed" -> connection().isClosed();
      case "isValid" -> connection().isValid();
      case "getWarnings" -> connection().warnings();
      case "clearWarnings" -> {
        connection().clearWarnings();
        yield null;
      }
      case "setClientInfo" -> {
        setClientInfo(args);
        yield null;
      }
      case "getClientInfo" -> clientInfo(args);
      default -> setting(method, args);
    };
  }

  private Statement statement(Class<? extends Statement> type, String sql) {
    statements.removeIf(StatementCalls::isClosed);
    StatementCalls statement = new StatementCalls(this, type, sql);
    statements.add(statement);
    return statement.client();
  }

  private void rollBack(Object[] args) throws SQLException {
    if (args.length == 0) {
      connection().rollback();
    } else {
      connection().rollBackTo((Savepoint) args[0]);
    }
  }

  private Savepoint savepoint(String name) throws SQLException {
    int id = connection().nextSavepointId();
    Savepoint savepoint = new SavepointCalls(this, id, name).client();
    connection().mark(savepoint);
    return savepoint;
  }

  private void close() {
    statements.forEach(StatementCalls::close);
    connection().close();
  }

  private void setClientInfo(Object[] args) {
    Map<String, String> info = new HashMap<>();
    if (args[0] instanceof Properties all) {
      all.stringPropertyNames().forEach(name -> info.put(name, all.getProperty(name)));
    } else {
      info.putAll(connection().settings().clientInfo());
      info.put((String) args[0], (String) args[1]);
      // JDBC: a null value clears the property.
      info.values().removeIf(value -> value == null);
    }
    connection().set(Settings.CLIENT_INFO, Map.copyOf(info));
  }

  private Object clientInfo(Object[] args) {
    Map<String, String> info = connection().settings().clientInfo();
    if (args.length == 1) {
      return info.get(args[0]);
    }
    Properties all = new Properties();
    all.putAll(info);
    return all;
  }

  private Object setting(Method method, Object[] args) {
    String property = method.getName().replaceFirst("^(set|get|is)", "");
    if (!connection().settings().has(property)) {
      return plain(method);
    }
    if (method.getName().startsWith("set")) {
      // Last, because setNetworkTimeout has an executor in front.
      connection().set(property, args[args.length - 1]);
      return null;
    }
    return connection().settings().get(property);
  }

  @Override
  public String toString() {
    return connection().toString();
  }
}
